-- A hidden observation that is compared, or from which a change is told to a value that is shown.
with

hidden as (

    select
        indicator,
        territory_id,
        period
    from observations
    where obs_status = 'Q'

),

changes as (

    select
        indicator,
        territory_id,
        period,
        value
    from comparisons

    union all

    select
        indicator,
        territory_id,
        (cast(left(period, 4) as integer) - 1) || substr(period, 5) as period,
        value - change_1_year as value
    from comparisons
    where change_1_year is not null

    union all

    select
        indicator,
        territory_id,
        (cast(left(period, 4) as integer) - 5) || substr(period, 5) as period,
        value - change_5_years as value
    from comparisons
    where change_5_years is not null

    union all

    select
        indicator,
        territory_id,
        start_period as period,
        value - change_since_start as value
    from comparisons
    where change_since_start is not null

)

select
    hidden.indicator,
    hidden.territory_id,
    hidden.period,
    min(changes.value) as told
from hidden
inner join changes
    on
        hidden.indicator = changes.indicator
        and hidden.territory_id = changes.territory_id
        and hidden.period = changes.period
group by hidden.indicator, hidden.territory_id, hidden.period
order by hidden.indicator, hidden.territory_id, hidden.period
