-- One row per point, with the commune that it is in and how that was found; no commune: it is in none.
create or replace temp table polygons as
select
    commune_code,
    st_geomfromtext(geometry_wkt) as geometry
from core.commune_boundaries;

create or replace temp table placed as
select
    point_number,
    x,
    y,
    st_point(x, y) as point,
    st_makeenvelope(x - 0.0001, y - 0.0001, x + 0.0001, y + 0.0001) as surroundings
from points
where x is not null and y is not null and not (x = 0 and y = 0);

-- Communes within 11 m, those that hold the point first.
create or replace temp table touched as
select
    placed.point_number,
    count(distinct polygons.commune_code) as commune_count,
    arg_min(
        polygons.commune_code, (not st_intersects(polygons.geometry, placed.point), polygons.commune_code)
    ) as commune_code
from placed
inner join polygons on st_intersects(polygons.geometry, placed.surroundings)
group by placed.point_number;

create or replace temp table strays as
select
    placed.point_number,
    placed.x,
    placed.y,
    placed.point,
    st_makeenvelope(
        placed.x - 2 * getvariable('near_degrees'), placed.y - getvariable('near_degrees'),
        placed.x + 2 * getvariable('near_degrees'), placed.y + getvariable('near_degrees')
    ) as surroundings
from placed
anti join touched on placed.point_number = touched.point_number;

-- A degree of longitude is shorter than one of latitude.
create or replace temp table nearest as
with

distances as (

    select
        strays.point_number,
        polygons.commune_code,
        st_distance(
            st_affine(strays.point, cos(radians(strays.y)), 0, 0, 1, 0, 0),
            st_affine(polygons.geometry, cos(radians(strays.y)), 0, 0, 1, 0, 0)
        ) as distance
    from strays
    inner join polygons on st_intersects(polygons.geometry, strays.surroundings)

)

select
    point_number,
    arg_min(commune_code, (distance, commune_code)) as commune_code
from distances
where distance <= getvariable('near_degrees')
group by point_number;

create or replace temp table swapped as
select distinct strays.point_number
from strays
inner join polygons on st_intersects(polygons.geometry, st_point(strays.y, strays.x));

create or replace temp table located as
select
    coalesce(touched.commune_code, nearest.commune_code) as commune_code,
    case
        when placed.point_number is null then 'missing'
        when touched.commune_count > 1 then 'on_border'
        when touched.commune_count = 1 then 'inside'
        when nearest.commune_code is not null then 'near'
        when swapped.point_number is not null then 'swapped'
        else 'outside'
    end as location_method,
    points.*
from points
left join placed on points.point_number = placed.point_number
left join touched on points.point_number = touched.point_number
left join nearest on points.point_number = nearest.point_number
left join swapped on points.point_number = swapped.point_number
order by points.point_number;
