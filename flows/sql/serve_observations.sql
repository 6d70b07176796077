-- One row per observation of a territory of today, with its name: what a query gives.
select
    observations.indicator,
    observations.territory_id,
    territories.level,
    territories.name,
    observations.period,
    observations.value,
    observations.numerator,
    observations.denominator,
    observations.coverage,
    observations.obs_status,
    observations.conf_status
from release.observations as observations
inner join release.territories as territories
    on observations.territory_id = territories.territory_id and territories.valid_to is null
