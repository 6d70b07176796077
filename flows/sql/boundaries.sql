-- Temp tables: `drawn`, one row per size and commune; `framed`, one row per size, level and territory, where
-- all is true to the ground; `insets`, where the overseas départements are drawn instead.
create or replace temp table drawn as
with

parts as (

    select
        commune_code,
        st_geomfromtext(geometry_wkt) as geometry
    from core.commune_boundaries
    -- What was split since is not drawn: nobody says where the new border runs.
    where population_share = 1

),

large as (

    select
        commune_code,
        case
            when count(*) = 1 then any_value(geometry)
            else st_coverageunion_agg(geometry order by st_aswkb(geometry))
        end as geometry
    from parts
    group by commune_code

),

coverage as (

    select
        list(commune_code order by commune_code) as commune_codes,
        list(geometry order by commune_code) as geometries
    from large

),

-- The tolerance is in degrees: 0.02 is 2 km, 0.006 is 600 m.
simplified as (

    select
        'medium' as size,
        commune_codes,
        unnest(st_dump(st_coveragesimplify(geometries, 0.006))) as dumped
    from coverage

    union all

    select
        'small' as size,
        commune_codes,
        unnest(st_dump(st_coveragesimplify(geometries, 0.02))) as dumped
    from coverage

)

select
    'large' as size,
    commune_code,
    geometry
from large

union all

select
    size,
    commune_codes[dumped.path[1]] as commune_code,
    st_collect(list(dumped.geom order by dumped.path)) as geometry
from simplified
group by size, commune_codes[dumped.path[1]];

create or replace temp table insets (
    departement_code varchar,
    scale double,
    from_longitude double,
    from_latitude double,
    to_longitude double,
    to_latitude double
);

insert into insets values
('971', 1.2, -61.40, 16.20, -7.5, 49.0),
('972', 1.8, -61.00, 14.65, -7.5, 47.3),
('973', 0.4, -53.10, 3.95, -7.5, 45.6),
('974', 1.4, 55.53, -21.12, -7.5, 43.9),
('976', 2.2, 45.15, -12.82, -7.5, 42.5);

create or replace temp table framed as
with

placed as (

    select
        drawn.size,
        drawn.geometry,
        communes.commune_code,
        communes.commune_name,
        communes.departement_code,
        communes.epci_code,
        communes.region_code
    from drawn
    inner join core.communes as communes on drawn.commune_code = communes.commune_code

),

grouped as (

    select
        size,
        'epci' as level,
        'EPCI-' || epci_code as territory_id,
        epci_code as code,
        min(departement_code) as departement_code,
        st_coverageunion_agg(geometry order by commune_code) as geometry
    from placed
    where epci_code is not null
    group by size, epci_code

    union all

    select
        size,
        'departement' as level,
        'DEP-' || departement_code as territory_id,
        departement_code as code,
        departement_code,
        st_coverageunion_agg(geometry order by commune_code) as geometry
    from placed
    group by size, departement_code

    union all

    select
        size,
        'region' as level,
        'REG-' || region_code as territory_id,
        region_code as code,
        min(departement_code) as departement_code,
        st_coverageunion_agg(geometry order by commune_code) as geometry
    from placed
    group by size, region_code

)

select
    size,
    'commune' as level,
    'COM-' || commune_code as territory_id,
    commune_code as code,
    commune_name as name,
    departement_code,
    geometry
from placed

union all

select
    grouped.size,
    grouped.level,
    grouped.territory_id,
    grouped.code,
    lives.name,
    grouped.departement_code,
    grouped.geometry
from grouped
inner join core.grouping_lives as lives
    on grouped.territory_id = lives.territory_id and lives.valid_to is null;
