-- One row per observation of one indicator that breaks a promise: what Great Expectations asks of
-- every indicator at a release, in SQL, of the same rows (checked). Its bounds are in parts.promises.
-- That none stands twice is seen before, of what they are made of (odd_parts).
select
    checked.territory_id,
    checked.period,
    case
        when checked.value < promises.min_value or checked.value > promises.max_value
            then
                'value ' || checked.value || ' is not between '
                || promises.min_value || ' and ' || promises.max_value
        when checked.coverage is null or checked.coverage not between 0 and 1
            then 'coverage ' || coalesce(cast(checked.coverage as varchar), 'unknown') || ' is no share'
        when checked.obs_status not in ('A', 'B', 'E', 'P', 'M', 'O', 'Q')
            then 'obs_status ' || checked.obs_status || ' is not known'
        when checked.conf_status not in ('F', 'C')
            then 'conf_status ' || checked.conf_status || ' is not known'
        else 'value and statuses contradict each other'
    end as fault
from checked
cross join parts.promises as promises
where
    checked.value < promises.min_value
    or checked.value > promises.max_value
    or coalesce(checked.coverage not between 0 and 1, true)
    or coalesce(checked.obs_status not in ('A', 'B', 'E', 'P', 'M', 'O', 'Q'), true)
    or coalesce(checked.conf_status not in ('F', 'C'), true)
    or not checked.is_consistent
order by checked.territory_id, checked.period
