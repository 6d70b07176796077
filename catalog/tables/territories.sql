-- One row per territory; a commune that has vanished since 2019 keeps one, with its end and successor.
with

newest as (

    select max(edition) as edition
    from core.administrative_divisions_communes

),

spans as (

    select
        commune_code,
        min(edition) as first_edition,
        max(edition) as last_edition,
        arg_max(commune_name, edition) as commune_name
    from core.administrative_divisions_communes
    where kind = 'commune-actuelle'
    group by commune_code

),

present as (

    select
        'COM-' || communes.commune_code as territory_id,
        'commune' as level,
        communes.commune_code as code,
        communes.commune_name as name,
        'EPCI-' || communes.epci_code as epci_id,
        'EPT-' || communes.ept_code as ept_id,
        'ARR-' || communes.arrondissement_code as arrondissement_id,
        case when not communes.is_collectivity then 'DEP-' || communes.departement_code end as departement_id,
        case when not communes.is_collectivity then 'REG-' || communes.region_code end as region_id,
        case when not communes.is_collectivity then 'FRA' end as country_id,
        case when communes.is_collectivity then 'COL-' || communes.departement_code end as collectivity_id,
        communes.inhabitants as population,
        -- Known only for communes that the first edition does not list.
        case when spans.first_edition > 2019 then make_date(spans.first_edition, 1, 1) end as valid_from
    from core.communes as communes
    inner join spans on communes.commune_code = spans.commune_code

),

editions as (
    select distinct edition from core.administrative_divisions_communes
),

vanished as (

    select
        'COM-' || spans.commune_code as territory_id,
        spans.commune_code as code,
        spans.commune_name as name,
        min(editions.edition) as end_edition,
        any_value('COM-' || successors.commune_code) as successor_id
    from spans
    inner join newest on spans.last_edition < newest.edition
    inner join editions on spans.last_edition < editions.edition
    inner join core.commune_successors as successors
        on
            spans.commune_code = successors.former_code
            and newest.edition between successors.first_vintage and successors.last_vintage
    group by spans.commune_code, spans.commune_name

),

grouped as (

    -- A territory that lies across two others has neither as its parent.
    select
        unnest([
            { 'level': 'epci', 'id': epci_id },
            { 'level': 'ept', 'id': ept_id },
            { 'level': 'arrondissement', 'id': arrondissement_id },
            { 'level': 'departement', 'id': departement_id },
            { 'level': 'region', 'id': region_id },
            { 'level': 'country', 'id': country_id },
            { 'level': 'collectivity', 'id': collectivity_id }
        ]) as territory,
        *
    from present

),

groups as (

    select
        territory.id as territory_id,
        territory.level,
        case when count(distinct departement_id) = 1 then min(departement_id) end as departement_id,
        case when count(distinct region_id) = 1 then min(region_id) end as region_id,
        min(country_id) as country_id,
        cast(sum(population) as bigint) as population
    from grouped
    where territory.id is not null
    group by territory.id, territory.level

),

districts as (

    select
        'ARM-' || districts.commune_code as territory_id,
        districts.commune_code as code,
        districts.commune_name as name,
        present.territory_id as commune_id,
        present.epci_id,
        present.ept_id,
        present.arrondissement_id,
        present.departement_id,
        present.region_id,
        present.country_id,
        districts.inhabitants as population
    from core.administrative_divisions_communes as districts
    inner join present on districts.parent_commune_code = present.code
    where
        districts.kind = 'arrondissement-municipal'
        and districts.edition = (select newest.edition from newest)

)

select
    territory_id,
    level,
    code,
    name,
    null as commune_id,
    epci_id,
    ept_id,
    arrondissement_id,
    departement_id,
    region_id,
    country_id,
    collectivity_id,
    population,
    (select newest.edition from newest) as vintage,
    valid_from,
    cast(null as date) as valid_to,
    null as successor_id
from present

union all by name

select
    groups.territory_id,
    groups.level,
    case when groups.level = 'country' then 'FRA' else split_part(groups.territory_id, '-', 2) end as code,
    names.name,
    case when groups.level != 'departement' then groups.departement_id end as departement_id,
    case when groups.level != 'region' then groups.region_id end as region_id,
    case when groups.level != 'country' then groups.country_id end as country_id,
    groups.population,
    (select newest.edition from newest) as vintage
from groups
left join core.territory_names as names on groups.territory_id = names.territory_id

union all by name

select
    territory_id,
    'arm' as level,
    code,
    name,
    commune_id,
    epci_id,
    ept_id,
    arrondissement_id,
    departement_id,
    region_id,
    country_id,
    population,
    (select newest.edition from newest) as vintage
from districts

union all by name

select
    territory_id,
    'commune' as level,
    code,
    name,
    (select newest.edition from newest) as vintage,
    make_date(end_edition, 1, 1) as valid_to,
    successor_id
from vanished
