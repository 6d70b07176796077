-- One row per territory made of communes and span of days in which it was one, with its last name.
with

listed as (

    select
        edition,
        'epci' as level,
        'EPCI-' || epci_code as territory_id,
        any_value(epci_name) as name
    from core.administrative_divisions_epci
    group by edition, epci_code

    union all

    select
        edition,
        'ept' as level,
        'EPT-' || ept_code as territory_id,
        any_value(ept_name) as name
    from core.administrative_divisions_ept
    group by edition, ept_code

    union all

    select
        edition,
        'arrondissement' as level,
        'ARR-' || arrondissement_code as territory_id,
        arrondissement_name as name
    from core.administrative_divisions_arrondissements

),

editions as (

    select
        level,
        edition,
        lead(edition) over (partition by level order by edition) as next_edition
    from listed
    group by level, edition

),

stays as (

    select
        listed.*,
        editions.next_edition,
        -- A life goes on if the edition before lists it.
        coalesce(
            lag(editions.next_edition) over (partition by listed.territory_id order by listed.edition)
            != listed.edition, true
        ) as is_first
    from listed
    inner join editions on listed.level = editions.level and listed.edition = editions.edition

),

numbered as (

    select
        *,
        sum(cast(is_first as integer)) over (partition by territory_id order by edition) as life
    from stays

),

newest as (

    select max(edition) as edition
    from core.administrative_divisions_communes

),

departements as (

    select
        departements.departement_code,
        departements.departement_name,
        departements.is_collectivity
    from core.administrative_divisions_departements as departements
    inner join newest on departements.edition = newest.edition

),

regions as (

    select
        regions.region_code,
        regions.region_name,
        bool_or(former.successor_code is not null) as is_merged
    from core.administrative_divisions_regions as regions
    inner join newest on regions.edition = newest.edition
    left join core.former_regions as former on regions.region_code = former.successor_code
    where not regions.is_collectivity
    group by regions.region_code, regions.region_name

)

select
    territory_id,
    level,
    arg_max(name, edition) as name,
    make_date(min(edition), 1, 1) as valid_from,
    case when bool_and(next_edition is not null) then make_date(max(next_edition), 1, 1) end as valid_to,
    null as successor_id
from numbered
group by territory_id, level, life

union all

select
    case when departements.is_collectivity then 'COL-' else 'DEP-' end || departements.departement_code
        as territory_id,
    case when departements.is_collectivity then 'collectivity' else 'departement' end as level,
    departements.departement_name as name,
    coalesce(former.valid_from, date '1943-01-01') as valid_from,
    null as valid_to,
    null as successor_id
from departements
left join core.former_departements as former
    on departements.departement_code = former.departement_code and former.valid_to is null

union all

select
    'DEP-' || departement_code as territory_id,
    'departement' as level,
    departement_name as name,
    valid_from,
    valid_to,
    'DEP-' || successor_code as successor_id
from core.former_departements
where valid_to is not null

union all

select
    'REG-' || region_code as territory_id,
    'region' as level,
    region_name as name,
    case
        when is_merged then date '2016-01-01'
        when region_code = '06' then date '2011-03-31'
        else date '1983-01-01'
    end as valid_from,
    null as valid_to,
    null as successor_id
from regions

union all

select distinct
    'REG-' || region_code as territory_id,
    'region' as level,
    region_name as name,
    date '1983-01-01' as valid_from,
    date '2016-01-01' as valid_to,
    'REG-' || successor_code as successor_id
from core.former_regions

union all

select
    'FRA' as territory_id,
    'country' as level,
    'France' as name,
    date '1943-01-01' as valid_from,
    null as valid_to,
    null as successor_id

union all

select
    territory_id,
    any_value(level) as level,
    any_value(name) as name,
    min(valid_from) as valid_from,
    null as valid_to,
    null as successor_id
from core.declared_members
group by territory_id
