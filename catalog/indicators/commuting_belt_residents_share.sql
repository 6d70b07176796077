-- One row per commune of today of which the category is known.
select
    zones.commune_code,
    '2020' as period,
    case when zones.attraction_code = '20' then communes.inhabitants else 0 end as numerator,
    communes.inhabitants as denominator
from core.attraction_areas as zones
inner join core.communes as communes on zones.commune_code = communes.commune_code
