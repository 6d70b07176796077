-- One row per level: its territories of today, and the values that they have.
select
    territories.level,
    count(distinct territories.territory_id) as territory_count,
    count(observations.value) as value_count
from indicators.territories as territories
left join indicators.observations as observations
    on territories.territory_id = observations.territory_id
where territories.valid_to is null
group by territories.level
order by territories.level
