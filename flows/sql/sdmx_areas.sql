-- One row per territory of today that has observations, and the territory that holds it whole, if it has
-- one of a coarser level: a commune its département, a département its région, a région its country.
select
    territory_id,
    name,
    case level
        when 'commune' then coalesce(departement_id, collectivity_id)
        when 'arrondissement' then departement_id
        when 'departement' then region_id
        when 'region' then country_id
    end as parent_id
from indicators.territories
where valid_to is null and level not in ('arm', 'commune_deleguee', 'commune_associee')
order by territory_id
