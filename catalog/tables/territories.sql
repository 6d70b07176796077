-- One row per territory and span of days in which it was one: valid_to is the first day on which it was none,
-- null today. What is older than the first map that tells of its level begins on the day of that map: 1943
-- for communes, 2019 for EPCI and arrondissements, 2023 for EPT, 1983 for régions.
with

newest as (

    select max(edition) as edition
    from core.administrative_divisions_communes

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
        lives.valid_from
    from core.communes as communes
    inner join core.commune_lives as lives
        on communes.commune_code = lives.commune_code and lives.valid_to is null

),

-- Where most of the ground of a former commune lies today.
successors as (

    select
        former_code,
        first_vintage,
        last_vintage,
        arg_max(commune_code, population_share) as commune_code
    from core.commune_successors
    group by former_code, first_vintage, last_vintage

),

vanished as (

    select
        'COM-' || lives.commune_code as territory_id,
        lives.commune_code as code,
        lives.commune_name as name,
        lives.valid_from,
        lives.valid_to,
        'COM-' || successors.commune_code as successor_id
    from core.commune_lives as lives
    left join successors
        on
            lives.commune_code = successors.former_code
            and year(
                lives.valid_to - interval 1 day
            ) between successors.first_vintage and successors.last_vintage
    where lives.valid_to is not null

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

declared as (

    select
        members.territory_id,
        members.level,
        present.departement_id,
        present.region_id,
        present.country_id,
        present.population
    from core.declared_members as members
    inner join present on members.commune_code = present.code

),

members as (

    select
        grouped.territory.id as territory_id,
        grouped.territory.level,
        grouped.departement_id,
        grouped.region_id,
        grouped.country_id,
        grouped.population
    from grouped
    where grouped.territory.id is not null

    union all

    select * from declared

),

groups as (

    select
        territory_id,
        level,
        case
            when
                count(departement_id) = count(*) and count(distinct departement_id) = 1
                then min(departement_id)
        end as departement_id,
        case when count(region_id) = count(*) and count(distinct region_id) = 1 then min(region_id) end
            as region_id,
        case when count(country_id) = count(*) then min(country_id) end as country_id,
        cast(sum(population) as bigint) as population
    from members
    group by territory_id, level

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
    lives.territory_id,
    lives.level,
    case
        when lives.level = 'country' then 'FRA'
        else substr(lives.territory_id, instr(lives.territory_id, '-') + 1)
    end as code,
    lives.name,
    case when lives.level != 'departement' then groups.departement_id end as departement_id,
    case when lives.level != 'region' then groups.region_id end as region_id,
    case when lives.level != 'country' then groups.country_id end as country_id,
    groups.population,
    (select newest.edition from newest) as vintage,
    lives.valid_from,
    lives.valid_to,
    lives.successor_id
from core.grouping_lives as lives
left join groups on lives.territory_id = groups.territory_id and lives.valid_to is null
-- A territory of which no commune is left is not one, but where it ended.
where groups.territory_id is not null or lives.valid_to is not null

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
    (select newest.edition from newest) as vintage,
    date '1943-01-01' as valid_from
from districts

union all by name

select
    territory_id,
    'commune' as level,
    code,
    name,
    (select newest.edition from newest) as vintage,
    valid_from,
    valid_to,
    successor_id
from vanished

union all by name

select
    parts.part_id as territory_id,
    case when starts_with(parts.part_id, 'COMD') then 'commune_deleguee' else 'commune_associee' end as level,
    parts.part_code as code,
    parts.part_name as name,
    'COM-' || parts.commune_code as commune_id,
    present.epci_id,
    present.ept_id,
    present.arrondissement_id,
    present.departement_id,
    present.region_id,
    present.country_id,
    present.collectivity_id,
    (select newest.edition from newest) as vintage,
    parts.valid_from,
    parts.valid_to
from core.commune_parts as parts
left join present on parts.commune_code = present.code and parts.valid_to is null
