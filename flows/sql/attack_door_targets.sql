-- A hidden observation that a target gives as its initial or current value.
with

told as (

    select
        indicator,
        territory_id,
        initial_period as period,
        initial_value as value
    from targets

    union all

    select
        indicator,
        territory_id,
        current_period as period,
        current_value as value
    from targets

)

select
    observations.indicator,
    observations.territory_id,
    observations.period,
    min(told.value) as told
from observations
inner join told
    on
        observations.indicator = told.indicator
        and observations.territory_id = told.territory_id
        and observations.period = told.period
where observations.obs_status = 'Q' and told.value is not null
group by observations.indicator, observations.territory_id, observations.period
order by observations.indicator, observations.territory_id, observations.period
