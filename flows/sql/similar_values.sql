-- One row per indicator and territory of a level, with the newest value.
select
    comparisons.indicator,
    comparisons.territory_id,
    comparisons.period,
    comparisons.value
from indicators.comparisons as comparisons
inner join indicators.territories as territories
    on comparisons.territory_id = territories.territory_id and territories.valid_to is null
where territories.level = getvariable('level')
order by comparisons.indicator, comparisons.territory_id;
