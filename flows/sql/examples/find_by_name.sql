-- Retrouver un territoire par son nom, sans accents
-- Find a territory by its name, without accents
select
    territory_id,
    level,
    name,
    population
from find_territory('rennes');
