-- One row per pair of indicators whose newest values are equal in nearly all territories where either
-- is not zero.
with

newest as (

    select
        indicator,
        territory_id,
        arg_max(value, period) as value
    from indicators.observations
    where value is not null
    group by indicator, territory_id

),

pairs as (

    select
        a.indicator as first_indicator,
        b.indicator as second_indicator,
        avg(cast(a.value = b.value as integer)) as same_share
    from newest as a
    inner join newest as b
        on a.territory_id = b.territory_id and a.indicator < b.indicator
    where a.value != 0 or b.value != 0
    group by a.indicator, b.indicator

)

select
    first_indicator,
    second_indicator,
    same_share
from pairs
where same_share >= $1
order by first_indicator, second_indicator
