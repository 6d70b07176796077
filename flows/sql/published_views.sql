-- For the analyst: observations with the names of their territory, and only what stands today.
create view published.observations_named as
select
    observations.indicator,
    territories.level,
    territories.code,
    territories.name,
    observations.period,
    observations.value,
    observations.numerator,
    observations.denominator,
    observations.coverage,
    observations.obs_status,
    observations.territory_id,
    territories.epci_id,
    territories.departement_id,
    territories.region_id
from observations
inner join territories
    on observations.territory_id = territories.territory_id and territories.valid_to is null;

comment on view published.observations_named is
'Observations avec le nom de leur territoire. — Observations with the name of their territory.';
