-- One row per year and commune of that year's map; an accident whose commune is unknown has no code.
-- Until 2011 some arrondissements of Paris bear 75001 to 75020, their postal codes; of no other city.
select
    year as accident_year,
    case
        when commune_code between '75001' and '75020' then '751' || right(commune_code, 2)
        else commune_code
    end as commune_code,
    accidents as accident_count,
    killed as killed_count
from raw.road_accidents
