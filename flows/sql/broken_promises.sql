-- One row per observation of one indicator that breaks a promise: what Great Expectations asks of
-- every indicator at a release, in SQL, of the same rows (checked). Its bounds are in parts.promises.
with

twice as (

    select
        territory_id,
        period
    from checked
    group by territory_id, period
    having count(*) > 1

),

counted as (

    select
        checked.*,
        twice.territory_id is not null as is_twice
    from checked
    left join twice on checked.territory_id = twice.territory_id and checked.period = twice.period

)

select
    counted.territory_id,
    counted.period,
    case
        when counted.is_twice then 'stands twice'
        when counted.value < promises.min_value or counted.value > promises.max_value
            then
                'value ' || counted.value || ' is not between '
                || promises.min_value || ' and ' || promises.max_value
        when counted.coverage is null or counted.coverage not between 0 and 1
            then 'coverage ' || coalesce(cast(counted.coverage as varchar), 'unknown') || ' is no share'
        when counted.obs_status not in ('A', 'B', 'E', 'P', 'M', 'O', 'Q')
            then 'obs_status ' || counted.obs_status || ' is not known'
        when counted.conf_status not in ('F', 'C')
            then 'conf_status ' || counted.conf_status || ' is not known'
        else 'value and statuses contradict each other'
    end as fault
from counted
cross join parts.promises as promises
where
    counted.is_twice
    or counted.value < promises.min_value
    or counted.value > promises.max_value
    or coalesce(counted.coverage not between 0 and 1, true)
    or coalesce(counted.obs_status not in ('A', 'B', 'E', 'P', 'M', 'O', 'Q'), true)
    or coalesce(counted.conf_status not in ('F', 'C'), true)
    or not counted.is_consistent
order by counted.territory_id, counted.period
