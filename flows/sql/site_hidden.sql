-- One row per indicator and level under secrecy: how many values are hidden, of how many.
select
    observations.indicator,
    territories.level,
    count(*) as value_count,
    count(*) filter (where observations.obs_status = 'Q') as hidden_count
from indicators.observations as observations
inner join indicators.territories as territories
    on observations.territory_id = territories.territory_id and territories.valid_to is null
group by observations.indicator, territories.level
having count(*) filter (where observations.obs_status = 'Q') > 0
order by observations.indicator, territories.level
