-- One row per observation of an indicator in a period.
select
    territory_id,
    cast(numerator as double) as numerator,
    cast(denominator as double) as denominator,
    obs_status,
    coverage
from observations
where indicator = getvariable('indicator') and period = getvariable('period')
order by territory_id
