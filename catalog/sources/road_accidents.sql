-- One row per year and commune of that year's map; an accident whose commune is unknown has no code.
select
    year as accident_year,
    commune_code,
    accidents as accident_count,
    killed as killed_count
from raw.road_accidents
