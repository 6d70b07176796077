-- Les communes qui ressemblent le plus à Rennes, et leur population
-- The communes most like Rennes, and their population
select
    alike.similar_rank,
    alike.name,
    alike.distance,
    territories.population
from similar('COM-35238') as alike
inner join territories
    on alike.similar_id = territories.territory_id and territories.valid_to is null;
