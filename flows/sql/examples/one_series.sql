-- La population d’une commune, année par année
-- The population of a commune, year by year
select
    period,
    value,
    obs_status
from observation('population', 'COM-35238');
