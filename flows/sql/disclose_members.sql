-- One row per territory that an indicator is published for in a period, and part that is added up in it.
select
    memberships.territory_id,
    memberships.part_id,
    sum(memberships.population) over (partition by memberships.territory_id) as population
from core.memberships as memberships
inner join indicators.observations as observations
    on
        memberships.territory_id = observations.territory_id
        and observations.indicator = getvariable('indicator')
        and observations.period = getvariable('period')
where
    memberships.part_level = getvariable('level')
    and memberships.territory_id != memberships.part_id
    and observations.obs_status != 'O'
order by memberships.territory_id, memberships.part_id
