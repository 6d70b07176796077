-- One row per observation of one indicator that is not as it was in the warehouse.
create temp table changed as
select
    coalesce(today.territory_id, before.territory_id) as territory_id,
    coalesce(today.period, before.period) as period,
    before.value as old_value,
    today.value as new_value,
    case
        when before.territory_id is null then 'added'
        when today.territory_id is null then 'deleted'
        else 'modified'
    end as change
from indicators.observations as today
full join before on today.territory_id = before.territory_id and today.period = before.period
where
    before.territory_id is null
    or today.territory_id is null
    or before.value is distinct from today.value
    or before.numerator is distinct from today.numerator
    or before.denominator is distinct from today.denominator
    or before.coverage is distinct from today.coverage
    or before.obs_status is distinct from today.obs_status;
