-- From `published` (code, type, parent_code, geometry), as the package has them, and `editions` (year, code,
-- type, seat_code), communes of the official code: `shapes`, one row per commune of 2026 with its ground.

-- The polygons are the map of 2024, under the codes of 2026. These communes vanished in between.
create temp table vanished as
select
    before.code,
    max(after.seat_code) as seat_code
from editions as before
left join editions as after on before.code = after.code and after.year = 2026
where before.year = 2024 and before.type = 'commune-actuelle'
group by before.code
having not bool_or(coalesce(after.type, '') = 'commune-actuelle');

create temp table drawn as
select
    code,
    geometry,
    row_number() over (order by code) as place
from published
where type = 'COM' and geometry is not null;

-- Some hundred corners of neighbours do not meet, and the grid opens slivers: both are closed.
create temp table cleaned as
with

collected as (

    select st_coverageclean(list(geometry order by place), 2e-5, 2e-4) as geometry
    from drawn

),

parts as (

    select unnest(st_dump(geometry)) as part
    from collected

)

select
    drawn.code,
    parts.part.geom as geometry
from drawn
inner join parts on drawn.place = parts.part.path[1];

-- Who vanished has left a hole in the ground of France.
create temp table holes as
with

ground as (

    select unnest(st_dump(st_coverageunion_agg(geometry))) as part
    from cleaned

),

rings as (

    select
        st_interiorringn(
            part.geom, cast(unnest(range(1, st_numinteriorrings(part.geom) + 1)) as integer)
        ) as line
    from ground

)

select
    row_number() over (order by st_xmin(line), st_ymin(line)) as hole,
    st_makepolygon(line) as geometry
from rings;

-- A hole is that of a commune without polygon, whose parts lie there, or of the one beside it that took
-- others in. Where two of these are beside it, it is that which has no other hole.
create temp table fillings as
with

neighbours as (

    select
        holes.hole,
        cleaned.code,
        count(*) over (partition by cleaned.code) as hole_count
    from holes
    inner join cleaned on st_intersects(holes.geometry, cleaned.geometry)
    where
        cleaned.code in (select vanished.seat_code from vanished)
        -- Basins and slivers on the coast are narrower than any commune.
        and st_area(holes.geometry) > 1e-5

),

parts as (

    select
        holes.hole,
        published.parent_code as code
    from holes
    inner join published on st_intersects(st_pointonsurface(holes.geometry), published.geometry)
    where
        published.type = 'COMD'
        and published.parent_code not in (select drawn.code from drawn)

)

select
    coalesce(parts.hole, neighbours.hole) as hole,
    coalesce(min(parts.code), arg_min(neighbours.code, neighbours.hole_count)) as code
from parts
full join neighbours on parts.hole = neighbours.hole
group by coalesce(parts.hole, neighbours.hole);

create temp table shapes as
with

pieces as (

    select
        code,
        geometry
    from cleaned
    union all
    select
        fillings.code,
        holes.geometry
    from fillings
    inner join holes on fillings.hole = holes.hole

)

select
    code,
    st_multi(st_union_agg(geometry order by st_aswkb(geometry))) as geometry
from pieces
group by code;
