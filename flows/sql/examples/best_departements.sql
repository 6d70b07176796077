-- Les départements classés selon leur taux de tués sur la route
-- The départements, ranked by their rate of road deaths
select
    level_rank,
    name,
    value,
    period
from ranking('road_deaths_rate', 'departement')
order by level_rank, name
limit 10;
