-- One row per level: its territories of today, and the values that they have. Communes are those of France,
-- without those of the overseas collectivities.
select
    territories.level,
    count(distinct territories.territory_id) filter (
        where territories.level != 'commune' or territories.country_id = 'FRA'
    ) as territory_count,
    count(observations.value) as value_count
from indicators.territories as territories
left join indicators.observations as observations
    on territories.territory_id = observations.territory_id
where territories.valid_to is null
group by territories.level
order by territories.level
