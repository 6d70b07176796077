-- One row per territory of today that has a whole page: all that are larger than communes.
select
    territory_id,
    level,
    code,
    name,
    departement_id,
    region_id,
    country_id,
    population,
    vintage
from indicators.territories
where
    valid_to is null
    and level in ('country', 'region', 'departement', 'epci', 'ept', 'collectivity', 'zone', 'user')
order by territory_id
