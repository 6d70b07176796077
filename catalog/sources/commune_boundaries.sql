-- One row per polygon: a commune, or a delegated commune of one that has no polygon of its own.
select
    code as commune_code,
    geometry as geometry_wkt
from raw.commune_boundaries
