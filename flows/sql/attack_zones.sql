-- One row per zone or declared territory, and commune in it: no release tells them, their sources do.
select
    territory_id,
    part_id
from home.core.memberships
where part_level = 'commune' and (level in ('zone', 'user'))
order by territory_id, part_id
