-- One row per indicator and level, in the newest period of which the level has a value: how many territories
-- have one, how many have none, and how the values are spread.
with

given as (

    select
        observations.indicator,
        places.level,
        observations.period,
        observations.value,
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

select
    given.indicator,
    given.level,
    given.period,
    count(given.value) as known_count,
    count(*) - count(given.value) as unknown_count,
    round(min(given.value), any_value(given.decimals)) as minimum,
    round(quantile_cont(given.value, 0.25), any_value(given.decimals)) as first_quartile,
    round(median(given.value), any_value(given.decimals)) as median,
    round(quantile_cont(given.value, 0.75), any_value(given.decimals)) as third_quartile,
    round(max(given.value), any_value(given.decimals)) as maximum
from given
inner join newest
    on given.indicator = newest.indicator and given.level = newest.level and given.period = newest.period
group by given.indicator, given.level, given.period
order by given.indicator, given.level
