-- One row per territory that has vanished for good: until when it was one, and where most of its residents
-- live today.
select
    '' as no_level,
    vanished.territory_id,
    arg_max(vanished.name, vanished.valid_to) as name,
    cast(max(vanished.valid_to) as varchar) as valid_to,
    arg_max(vanished.successor_id, vanished.valid_to) as successor_id
from indicators.territories as vanished
left join indicators.territories as today
    on vanished.territory_id = today.territory_id and today.valid_to is null
where vanished.valid_to is not null and today.territory_id is null
group by vanished.territory_id
order by vanished.territory_id
