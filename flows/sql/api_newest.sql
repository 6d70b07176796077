-- One row per indicator and territory of the API, in the newest period of which its level has a value.
create or replace temp table api_newest as
with

given as (

    select
        observations.indicator,
        places.level,
        places.territory_id,
        observations.period,
        observations.value,
        observations.obs_status,
        observations.coverage,
        indicators.decimals + 2 as decimals
    from indicators.observations as observations
    inner join api_places as places on observations.territory_id = places.territory_id
    inner join indicators.indicators as indicators on observations.indicator = indicators.indicator

),

newest as (

    select
        indicator,
        level,
        max(period) as period
    from given
    where value is not null
    group by indicator, level

)

select given.*
from given
inner join newest
    on given.indicator = newest.indicator and given.level = newest.level and given.period = newest.period
