-- One row per commune of today, the most populous first; `group_id` names its file in the API.
select
    territory_id,
    code,
    name,
    population,
    departement_id,
    coalesce(epci_id, departement_id, collectivity_id) as group_id
from indicators.territories
where level = 'commune' and valid_to is null
order by population desc nulls last, territory_id asc
