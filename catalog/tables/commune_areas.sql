-- One row per commune that has a polygon. The function for the ellipsoid reads latitude before longitude.
select
    commune_code,
    cast(
        sum(st_area_spheroid(st_flipcoordinates(st_geomfromtext(geometry_wkt)))) / 1e6 as decimal(12, 4)
    ) as area_km2
from core.commune_boundaries
where is_on_map
group by commune_code
