-- One row per indicator and level, in the newest period of which the level has a value: how many territories
-- have one, how many have none, and how the values are spread.
select
    indicator,
    level,
    period,
    count(value) as known_count,
    count(*) - count(value) as unknown_count,
    round(min(value), any_value(decimals)) as minimum,
    round(quantile_cont(value, 0.25), any_value(decimals)) as first_quartile,
    round(median(value), any_value(decimals)) as median,
    round(quantile_cont(value, 0.75), any_value(decimals)) as third_quartile,
    round(max(value), any_value(decimals)) as maximum
from api_newest
group by indicator, level, period
order by indicator, level
