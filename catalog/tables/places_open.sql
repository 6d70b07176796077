-- One row per kind of place, period and commune that has one, on the map of today.
select
    'france_services' as place_kind,
    '2021' as period,
    commune_code,
    sum(population_share) as place_count
from core.france_services_2021
group by commune_code

union all

select
    'france_services' as place_kind,
    '2024' as period,
    commune_code,
    sum(population_share) as place_count
from core.france_services
group by commune_code
