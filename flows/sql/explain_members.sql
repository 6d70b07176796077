-- One row per part of the territory that is explained, as it is disclosed: those that count most first.
select
    memberships.part_id,
    territories.name,
    memberships.population,
    observations.numerator,
    observations.denominator,
    observations.value,
    observations.obs_status
from core.memberships as memberships
inner join indicators.territories as territories
    on memberships.part_id = territories.territory_id and territories.valid_to is null
left join indicators.observations as observations
    on
        memberships.part_id = observations.territory_id
        and observations.indicator = getvariable('indicator')
        and observations.period = getvariable('period')
where
    memberships.territory_id = getvariable('territory')
    and memberships.part_id != memberships.territory_id
    and memberships.part_level = getvariable('level')
order by
    observations.numerator desc nulls last, memberships.population desc nulls last, memberships.part_id asc
