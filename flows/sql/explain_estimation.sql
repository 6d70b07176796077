-- One row per way in which parts of the territory that is explained were estimated.
select
    parts.estimation,
    count(*) as part_count
from parts.observations as parts
inner join core.memberships as memberships on parts.part_id = memberships.part_id
where
    memberships.territory_id = getvariable('territory')
    and parts.indicator = getvariable('indicator')
    and parts.period = getvariable('period')
    and parts.estimation is not null
group by parts.estimation
order by parts.estimation
