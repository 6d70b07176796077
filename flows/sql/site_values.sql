-- One row per indicator and territory of a level that is mapped nationally, in its newest period.
with

mapped as (

    select
        observations.indicator,
        territories.level,
        observations.territory_id,
        observations.period,
        observations.value,
        observations.obs_status
    from indicators.observations as observations
    inner join indicators.territories as territories
        on observations.territory_id = territories.territory_id and territories.valid_to is null
    where territories.level in ('epci', 'departement', 'region')

),

newest as (

    select
        indicator,
        level,
        max(period) as period
    from mapped
    where value is not null
    group by indicator, level

)

select
    mapped.indicator,
    mapped.level,
    mapped.period,
    mapped.territory_id,
    mapped.value,
    mapped.obs_status
from mapped
inner join newest
    on mapped.indicator = newest.indicator and mapped.level = newest.level and mapped.period = newest.period
order by mapped.indicator, mapped.level, mapped.territory_id
