-- A sample of the observations of one indicator that changed, the largest differences first.
select
    territory_id,
    period,
    old_value,
    new_value
from changed
order by abs(new_value - old_value) desc nulls last, territory_id asc, period asc
limit 5
