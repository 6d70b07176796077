-- One row per territory that an indicator is published for in a period, and part that is added up in it;
-- parts are numbered as numbered_parts says.
with

members as (

    select
        memberships.territory_id,
        memberships.part_id,
        memberships.population
    from core.memberships as memberships
    inner join secret_territories as published on memberships.territory_id = published.territory_id
    where
        published.indicator = getvariable('indicator')
        and published.period = getvariable('period')
        and memberships.part_level = getvariable('level')
        and memberships.territory_id != memberships.part_id

),

territories as (

    select
        territory_id,
        sum(population) as population
    from members
    group by territory_id

)

select
    dense_rank() over (order by members.territory_id) - 1 as territory_number,
    members.territory_id,
    coalesce(territories.population, 0) as population,
    coalesce(parts.part_number, -1) as part_number
from members
inner join territories on members.territory_id = territories.territory_id
left join numbered_parts as parts on members.part_id = parts.part_id
order by members.territory_id, parts.part_number
