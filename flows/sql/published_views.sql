-- For the analyst: observations with the names of their territory, and only what stands today; the newest
-- period of each indicator at each level, which the wide views show.
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

create table published.newest_periods as
select
    territories.level,
    observations.indicator,
    max(observations.period) as period
from observations
inner join territories
    on observations.territory_id = territories.territory_id and territories.valid_to is null
where observations.value is not null
group by territories.level, observations.indicator
order by territories.level, observations.indicator;

comment on table published.newest_periods is
'Dernière période de chaque indicateur à chaque niveau. — Newest period of each indicator at each level.';
comment on column published.newest_periods.level is 'Niveau. — Level.';
comment on column published.newest_periods.indicator is 'Indicateur. — Indicator.';
comment on column published.newest_periods.period is 'Période. — Period.';
