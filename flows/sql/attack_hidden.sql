-- One row per hidden observation.
select
    indicator,
    territory_id,
    period
from observations
where obs_status = 'Q'
order by indicator, territory_id, period
