-- The first part that stands twice, or that is on no map: none, if all is well.
with

known as (

    select distinct part_id
    from core.memberships

)

select
    parts.indicator,
    parts.part_id,
    parts.period,
    case when count(known.part_id) = 0 then 'is on no map' else 'is given twice' end as fault
from parts.observations as parts
left join known on parts.part_id = known.part_id
group by parts.indicator, parts.part_id, parts.period
having count(*) > 1 or count(known.part_id) = 0
order by parts.indicator, parts.part_id, parts.period
limit 1
