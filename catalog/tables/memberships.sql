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

commune_members as (

    unpivot communes
    on commune_id, epci_id, ept_id, arrondissement_id, departement_id, region_id, country_id, collectivity_id
    into name level_id value territory_id

),

region_members as (

    unpivot regions
    on region_id, country_id
    into name level_id value territory_id

)

select
    part_level,
    part_id,
    territory_id,
    replace(level_id, '_id', '') as level,
    population
from commune_members

union all

select
    part_level,
    part_id,
    territory_id,
    replace(level_id, '_id', '') as level,
    population
from region_members
