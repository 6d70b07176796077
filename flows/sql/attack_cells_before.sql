-- One row per observation of an indicator in a period, as the release before told it.
select
    territory_id,
    cast(numerator as double) as numerator,
    cast(denominator as double) as denominator,
    obs_status,
    coverage
from earlier.observations
where indicator = getvariable('indicator') and period = getvariable('period')
order by territory_id
