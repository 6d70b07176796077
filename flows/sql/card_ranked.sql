-- One row per territory of a level with a value in the indicator's newest period there, highest first.
select
    territory_id,
    name,
    value,
    obs_status
from today
where level = getvariable('level') and value is not null
qualify period = max(period) over ()
order by value desc, territory_id asc
