-- Où la population a le plus changé depuis le début de la série
-- Where the population has changed most since the start of the series
select
    territories.name,
    comparisons.start_period,
    comparisons.change_since_start
from comparisons
inner join territories
    on comparisons.territory_id = territories.territory_id and territories.valid_to is null
where comparisons.indicator = 'population' and territories.level = 'departement'
order by comparisons.change_since_start desc nulls last, territories.code asc
limit 10;
