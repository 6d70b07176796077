-- One row per commune of 2026 that has a polygon.
select
    code as commune_code,
    geometry as geometry_wkt
from raw.commune_boundaries
