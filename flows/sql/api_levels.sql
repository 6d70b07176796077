-- One row per indicator and territory of every level but the communes, in the newest period of which the
-- level has a value, with its rank.
with

given as (

    select
        observations.indicator,
        places.level,
        places.territory_id,
        observations.period,
        round(observations.value, indicators.decimals + 2) as value,
        observations.obs_status,
        observations.coverage
    from indicators.observations as observations
    inner join api_places as places on observations.territory_id = places.territory_id
    inner join indicators.indicators as indicators on observations.indicator = indicators.indicator
    where places.level <> 'commune'

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

select
    given.indicator,
    given.level,
    given.period,
    given.territory_id,
    given.value,
    given.obs_status,
    given.coverage,
    comparisons.level_rank
from given
inner join newest
    on given.indicator = newest.indicator and given.level = newest.level and given.period = newest.period
left join indicators.comparisons as comparisons
    on given.indicator = comparisons.indicator and given.territory_id = comparisons.territory_id
order by given.indicator, given.level, given.territory_id
