-- One row per indicator, level and period where more territories jump than the indicator promises.
-- A value jumps when it is lost, or differs by more than `max_percent` of itself or of the median of its
-- level, whichever is more. Where a newest period takes the place of the one before, these two are compared;
-- of any other period that is gone, all values are lost.
with

standing as (

    select
        territory_id,
        any_value(level) as level,
        any_value(name) as name
    from after_territories
    where valid_to is null
    group by territory_id

),

last_periods as (

    select
        indicator,
        max(period) as period
    from after_changed
    group by indicator

),

before_periods as (

    select
        indicator,
        period,
        max(period) over (partition by indicator) as last_period
    from before_changed
    group by indicator, period

),

after_periods as (

    select distinct
        indicator,
        period
    from after_changed

),

compared_periods as (

    select
        before.indicator,
        before.period,
        case
            when after.period is not null then before.period
            when before.period = before.last_period then last_periods.period
        end as compared_period
    from before_periods as before
    inner join last_periods on before.indicator = last_periods.indicator
    left join after_periods as after
        on before.indicator = after.indicator and before.period = after.period

),

pairs as (

    select
        before.indicator,
        standing.level,
        before.period,
        before.territory_id,
        standing.name,
        before.value as old_value,
        after.value as new_value,
        after.obs_status = 'Q' or after.conf_status = 'C' as is_hidden,
        median(abs(before.value)) over (
            partition by before.indicator, standing.level, before.period
        ) as typical_value
    from before_changed as before
    inner join standing on before.territory_id = standing.territory_id
    inner join compared_periods
        on before.indicator = compared_periods.indicator and before.period = compared_periods.period
    left join after_changed as after
        on
            before.indicator = after.indicator
            and before.territory_id = after.territory_id
            and compared_periods.compared_period = after.period
    where before.value is not null

),

judged as (

    select
        pairs.indicator,
        pairs.level,
        pairs.period,
        pairs.territory_id,
        pairs.name,
        pairs.new_value,
        promises.max_percent,
        promises.max_territories_percent,
        case when not coalesce(pairs.is_hidden, false) then pairs.old_value end as old_value,
        abs(pairs.new_value - pairs.old_value) as difference,
        greatest(abs(pairs.old_value), pairs.typical_value) as measure
    from pairs
    inner join change_promises as promises on pairs.indicator = promises.indicator

),

marked as (

    select
        *,
        new_value is null or difference > measure * max_percent / 100 as is_jump,
        difference / nullif(measure, 0) as share
    from judged

),

counted as (

    select
        indicator,
        level,
        period,
        count(*) as territories,
        count(*) filter (is_jump) as jumps,
        any_value(max_percent) as max_percent,
        any_value(max_territories_percent) as max_territories_percent,
        list(
            {
                'territory_id': territory_id,
                'name': name,
                'old_value': old_value,
                'new_value': new_value
            }
            order by share desc nulls first, territory_id asc
        ) filter (is_jump) as jumping
    from marked
    group by indicator, level, period

)

select
    indicator,
    level,
    period,
    territories,
    jumps,
    max_percent,
    max_territories_percent,
    list_slice(jumping, 1, 5) as worst
from counted
where jumps * 100.0 / territories > max_territories_percent
order by indicator asc, jumps desc, level asc, period desc
