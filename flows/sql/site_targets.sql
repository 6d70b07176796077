-- One row per target and territory.
select *
from indicators.targets
order by territory_id, target, indicator
