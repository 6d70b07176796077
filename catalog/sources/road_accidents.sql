-- One row per year and commune of that year's map; an accident whose commune is unknown has no code.
select
    cast(year as integer) as accident_year,
    commune_code,
    cast(accidents as bigint) as accident_count,
    cast(killed as bigint) as killed_count
from raw.road_accidents
