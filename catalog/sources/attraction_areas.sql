-- One row per commune of 2025: its place in an attraction area of 2020.
select
    depcom as commune_code,
    cateaav2020 as attraction_code
from raw.attraction_areas
