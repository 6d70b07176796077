-- One row per territory of a level with a value in the indicator's newest period there, highest first.
with

today as (

    select
        territories.territory_id,
        territories.name,
        observations.period,
        observations.value,
        observations.obs_status
    from indicators.observations as observations
    inner join indicators.territories as territories
        on observations.territory_id = territories.territory_id and territories.valid_to is null
    where
        observations.indicator = getvariable('indicator')
        and territories.level = getvariable('level')
        and observations.value is not null

)

select
    territory_id,
    name,
    value,
    obs_status
from today
qualify period = max(period) over ()
order by value desc, territory_id asc
