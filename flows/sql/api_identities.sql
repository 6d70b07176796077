-- One row per territory of a file of the API, in its order: who it is.
select
    file_number,
    territory_id,
    code,
    name,
    epci_id,
    ept_id,
    arrondissement_id,
    departement_id,
    region_id,
    country_id,
    collectivity_id,
    population,
    size_class,
    cast(valid_from as varchar) as valid_from
from api_places
order by position
