-- One row per territory, territory that it lies in and span of years (maps of 1 January). last_vintage is
-- null while it lasts. The years before the first edition that tells of a level are not known, but for
-- départements and régions, which the code of a commune tells.
with

newest as (

    select max(edition) as edition
    from core.administrative_divisions_communes

),

listed as (

    select
        edition,
        'COM-' || commune_code as member_id,
        'epci' as level,
        'EPCI-' || epci_code as territory_id
    from core.administrative_divisions_epci

    union all

    select
        edition,
        'COM-' || commune_code as member_id,
        'ept' as level,
        'EPT-' || ept_code as territory_id
    from core.administrative_divisions_ept

    union all

    select
        edition,
        'COM-' || commune_code as member_id,
        'arrondissement' as level,
        'ARR-' || arrondissement_code as territory_id
    from core.administrative_divisions_communes
    where kind = 'commune-actuelle' and arrondissement_code is not null and not is_collectivity

    union all

    select
        edition,
        'ARM-' || commune_code as member_id,
        'commune' as level,
        'COM-' || parent_commune_code as territory_id
    from core.administrative_divisions_communes
    where kind = 'arrondissement-municipal'

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
        -- A stay goes on if the edition before says the same.
        coalesce(
            lag(editions.next_edition) over (
                partition by listed.member_id, listed.territory_id order by listed.edition
            ) != listed.edition, true
        ) as is_first
    from listed
    inner join editions on listed.level = editions.level and listed.edition = editions.edition

),

numbered as (

    select
        *,
        sum(cast(is_first as integer)) over (partition by member_id, territory_id order by edition) as stay
    from stays

),

told as (

    select
        member_id,
        level,
        territory_id,
        min(edition) as first_vintage,
        case when bool_and(next_edition is not null) then max(next_edition) - 1 end as last_vintage
    from numbered
    group by member_id, level, territory_id, stay

),

lives as (

    select
        commune_code,
        year(valid_from - interval 1 day) + 1 as first_vintage,
        coalesce(year(valid_to - interval 1 day), 9999) as last_vintage,
        case
            when left(commune_code, 2) = '97' then left(commune_code, 3) else left(commune_code, 2)
        end as departement_code
    from core.commune_lives
    where left(commune_code, 2) != '98' and left(commune_code, 3) not in ('975', '977', '978')

),

-- The years in which a number was that of a département: 75 and 78 named two, one after the other.
numbers as (

    select
        departement_code,
        min(valid_from) as valid_from,
        case when bool_and(valid_to is not null) then max(valid_to) end as valid_to
    from core.former_departements
    group by departement_code

),

departements as (

    select
        'COM-' || lives.commune_code as member_id,
        'departement' as level,
        'DEP-' || lives.departement_code as territory_id,
        greatest(
            lives.first_vintage, coalesce(year(former.valid_from - interval 1 day) + 1, 0)
        ) as first_vintage,
        nullif(
            least(lives.last_vintage, coalesce(year(former.valid_to - interval 1 day), 9999)), 9999
        ) as last_vintage
    from lives
    left join numbers as former on lives.departement_code = former.departement_code

),

regions as (

    select
        'DEP-' || departement_code as member_id,
        'region' as level,
        'REG-' || region_code as territory_id,
        1983 as first_vintage,
        2015 as last_vintage
    from core.former_regions

    union all

    select
        'DEP-' || departements.departement_code as member_id,
        'region' as level,
        'REG-' || departements.region_code as territory_id,
        case
            when former.departement_code is not null then 2016
            when departements.departement_code = '976' then 2012
            else 1983
        end as first_vintage,
        null as last_vintage
    from core.administrative_divisions_departements as departements
    inner join newest on departements.edition = newest.edition
    left join core.former_regions as former on departements.departement_code = former.departement_code
    where not departements.is_collectivity

),

parts as (

    select
        part_id as member_id,
        'commune' as level,
        'COM-' || commune_code as territory_id,
        year(valid_from - interval 1 day) + 1 as first_vintage,
        year(valid_to - interval 1 day) as last_vintage
    from core.commune_parts

),

every as (

    select * from told

    union all

    select * from departements

    union all

    select * from regions

    union all

    select * from parts

)

select
    member_id,
    level,
    territory_id,
    cast(first_vintage as integer) as first_vintage,
    cast(last_vintage as integer) as last_vintage
from every
-- A stay that began and ended between two 1 January is on no map.
where first_vintage <= coalesce(last_vintage, 9999)
