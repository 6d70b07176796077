-- One row per territory of the map before whose total of an indicator and period is known, and part in it;
-- parts are numbered as numbered_parts says.
select
    told.territory_id,
    parts.part_number
from told_totals as told
inner join before_members as members on told.territory_id = members.territory_id
inner join numbered_parts as parts on members.part_id = parts.part_id
where told.indicator = getvariable('indicator') and told.period = getvariable('period')
order by told.territory_id, parts.part_number
