-- The first zone that its source's YAML gives no name: none, if all is well.
select territory_id
from core.declared_members
where name is null
order by territory_id
limit 1;
