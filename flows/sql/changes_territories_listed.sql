-- One row per territory that came, went, or is named or placed otherwise.
select
    territory_id,
    level,
    change,
    old_name,
    new_name
from changed_territories
where change != 'updated'
order by territory_id, change, new_name nulls first
