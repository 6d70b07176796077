-- One row per territory of the map before whose total of an indicator and period is known, and part in it;
-- parts are numbered as secret_parts has them in order.
with

parts as (

    select
        part_id,
        row_number() over (order by part_id) - 1 as part_number
    from secret_parts
    where indicator = getvariable('indicator') and period = getvariable('period')

)

select
    told.territory_id,
    parts.part_number
from told_totals as told
inner join before_members as members on told.territory_id = members.territory_id
inner join parts on members.part_id = parts.part_id
where told.indicator = getvariable('indicator') and told.period = getvariable('period')
order by told.territory_id, parts.part_number
