-- One row per part (a commune, or a région) and territory that it counts in, itself included.
with

communes as (

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

regions as (

    select
        'region' as part_level,
        region_id as part_id,
        region_id,
        country_id,
        cast(sum(population) as bigint) as population
    from communes
    where region_id is not null
    group by region_id, country_id

),

splits as (

    select
        'COM-' || commune_code as part_id,
        min(former_code) as former_code
    from core.commune_successors
    where method = 'split'
    group by commune_code

),

commune_members as (

    unpivot communes
    on commune_id, epci_id, ept_id, arrondissement_id, departement_id, region_id, country_id, collectivity_id
    into name level_id value territory_id

),

region_members as (

    unpivot regions
    on region_id, country_id
    into name level_id value territory_id

),

families as (
    select
        former_code,
        count(*) as piece_count
    from splits
    group by former_code
)

select
    commune_members.part_level,
    commune_members.part_id,
    commune_members.territory_id,
    replace(commune_members.level_id, '_id', '') as level,
    commune_members.population,
    coalesce(
        count(*) over (partition by commune_members.territory_id, splits.former_code)
        = families.piece_count,
        false
    ) as holds_whole_split
from commune_members
left join splits on commune_members.part_id = splits.part_id
left join families on splits.former_code = families.former_code

union all

select
    part_level,
    part_id,
    territory_id,
    replace(level_id, '_id', '') as level,
    population,
    false as holds_whole_split
from region_members
