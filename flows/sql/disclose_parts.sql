-- One row per part of an indicator in a period: its counts, the units behind them, and the largest of these.
select
    parts.part_id,
    cast(parts.numerator as double) as numerator,
    cast(coalesce(parts.unit_count, parts.denominator, parts.numerator) as double) as unit_count,
    cast(coalesce(parts.largest, 0) as double) as largest,
    coalesce(observations.obs_status, '') as obs_status,
    coalesce(territories.population, 0) as population
from parts.observations as parts
left join indicators.observations as observations
    on
        parts.indicator = observations.indicator
        and parts.period = observations.period
        and parts.part_id = observations.territory_id
left join core.territories as territories
    on parts.part_id = territories.territory_id and territories.valid_to is null
where
    parts.indicator = getvariable('indicator')
    and parts.period = getvariable('period')
    and parts.numerator is not null
    and (parts.denominator is not null or parts.unit_count is not null or getvariable('rollup') = 'sum')
order by parts.part_id
