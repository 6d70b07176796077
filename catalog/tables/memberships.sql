-- One row per part (a commune, EPCI, département or région) and territory that it counts in, itself included.
with communes as (

    select
        'commune' as part_level,
        'COM-' || commune_code as part_id,
        'COM-' || commune_code as commune_id,
        'EPCI-' || epci_code as epci_id,
        'EPT-' || ept_code as ept_id,
        case when not is_collectivity then 'ARR-' || arrondissement_code end as arrondissement_id,
        case when not is_collectivity then 'DEP-' || departement_code end as departement_id,
        case when not is_collectivity then 'REG-' || region_code end as region_id,
        case when not is_collectivity then 'FRA' end as country_id,
        case when is_collectivity then 'COL-' || departement_code end as collectivity_id,
        coalesce(inhabitants, 0) as population
    from core.communes

),

larger_parts as (

    select
        'epci' as part_level,
        epci_id as part_id,
        epci_id,
        null as departement_id,
        null as region_id,
        any_value(country_id) as country_id,
        cast(sum(population) as bigint) as population
    from communes
    where epci_id is not null
    group by epci_id

    union all

    select
        'departement' as part_level,
        departement_id as part_id,
        null as epci_id,
        departement_id,
        region_id,
        country_id,
        cast(sum(population) as bigint) as population
    from communes
    where departement_id is not null
    group by departement_id, region_id, country_id

    union all

    select
        'region' as part_level,
        region_id as part_id,
        null as epci_id,
        null as departement_id,
        region_id,
        country_id,
        cast(sum(population) as bigint) as population
    from communes
    where region_id is not null
    group by region_id, country_id

),

-- Each former commune whose counts are shared out, and the pieces that they go to.
pieces as (

    select distinct
        former_code || ' ' || first_vintage as split,
        'COM-' || commune_code as part_id
    from core.commune_successors
    where population_share < 1

),

commune_members as (

    unpivot communes
    on commune_id, epci_id, ept_id, arrondissement_id, departement_id, region_id, country_id, collectivity_id
    into name level_id value territory_id

),

declared_members as (

    select
        communes.part_level,
        communes.part_id,
        communes.population,
        members.level || '_id' as level_id,
        members.territory_id
    from core.declared_members as members
    inner join communes on 'COM-' || members.commune_code = communes.part_id

),

all_members as (

    select * from commune_members

    union all by name

    select * from declared_members

),

larger_members as (

    unpivot larger_parts
    on epci_id, departement_id, region_id, country_id
    into name level_id value territory_id

),

splits as (
    select
        split,
        count(*) as piece_count
    from pieces
    group by split
),

-- What was shared out is whole again in the territories that hold all the pieces.
broken as (

    select
        unnest(list_distinct(list(pieces.part_id))) as part_id,
        all_members.territory_id
    from all_members
    inner join pieces on all_members.part_id = pieces.part_id
    inner join splits on pieces.split = splits.split
    group by all_members.territory_id, pieces.split, splits.piece_count
    having count(*) < splits.piece_count

)

select
    all_members.part_level,
    all_members.part_id,
    all_members.territory_id,
    replace(all_members.level_id, '_id', '') as level,
    all_members.population,
    coalesce(bool_or(pieces.part_id is not null) and bool_and(broken.part_id is null), false)
        as holds_whole_split
from all_members
left join pieces on all_members.part_id = pieces.part_id
left join broken
    on all_members.part_id = broken.part_id and all_members.territory_id = broken.territory_id
group by all

union all

select
    part_level,
    part_id,
    territory_id,
    replace(level_id, '_id', '') as level,
    population,
    false as holds_whole_split
from larger_members
