-- One row per observation of an indicator, with its territory of today.
create temp view today as
select
    observations.*,
    territories.level,
    territories.name,
    territories.population
from indicators.observations as observations
inner join indicators.territories as territories
    on observations.territory_id = territories.territory_id and territories.valid_to is null
where observations.indicator = getvariable('indicator');
