-- One row per territory and indicator given at its level, in the newest period that the indicator has a
-- value for at that level.
create temp table if not exists latest as
with

today as (
    select * from indicators.territories
    where valid_to is null
),

newest as (

    select
        observations.indicator,
        territories.level,
        max(observations.period) as period
    from indicators.observations as observations
    inner join today as territories on observations.territory_id = territories.territory_id
    where observations.value is not null
    group by observations.indicator, territories.level

)

select
    territories.level,
    territories.territory_id,
    territories.code,
    territories.name,
    epci.code as epci_code,
    epci.name as epci_name,
    departements.code as departement_code,
    departements.name as departement_name,
    regions.code as region_code,
    regions.name as region_name,
    observations.indicator,
    observations.period,
    observations.value,
    observations.obs_status
from indicators.observations as observations
inner join today as territories on observations.territory_id = territories.territory_id
inner join newest
    on
        observations.indicator = newest.indicator
        and territories.level = newest.level
        and observations.period = newest.period
left join today as epci on territories.epci_id = epci.territory_id
left join today as departements on territories.departement_id = departements.territory_id
left join today as regions on territories.region_id = regions.territory_id;
