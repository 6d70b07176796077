-- One row per territory that has a whole page and one that it is like.
select
    similar_territories.territory_id,
    similar_territories.similar_rank,
    similar_territories.similar_id,
    similar_territories.differing_variable
from indicators.similar_territories as similar_territories
where similar_territories.level <> 'commune'
order by similar_territories.territory_id, similar_territories.similar_rank
