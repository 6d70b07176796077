-- One row per territory of today, of a level that may be compared; its parent is the region, or France.
select
    level,
    territory_id,
    coalesce(region_id, 'FRA') as parent_id
from indicators.territories
where valid_to is null and level in ('epci', 'departement', 'region')
order by level, territory_id
