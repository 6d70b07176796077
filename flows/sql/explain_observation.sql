-- The observation that is explained, as it is disclosed, with its territory of today.
select
    observations.*,
    territories.level,
    territories.name,
    territories.population
from indicators.observations as observations
inner join indicators.territories as territories
    on observations.territory_id = territories.territory_id and territories.valid_to is null
where
    observations.indicator = getvariable('indicator')
    and observations.territory_id = getvariable('territory')
    and observations.period = getvariable('period')
