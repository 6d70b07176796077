-- One row per territory of today that has a file, by level. Of a commune only its EPCI, département or
-- collectivity are told, which tell the rest.
select
    level,
    territory_id,
    name,
    epci_id,
    departement_id,
    case when level <> 'commune' then region_id end as region_id,
    case when level <> 'commune' then country_id end as country_id,
    collectivity_id,
    population
from api_places
order by level, territory_id
