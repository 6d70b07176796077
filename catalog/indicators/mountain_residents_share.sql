-- One row per commune of today.
select
    communes.commune_code,
    '2025' as period,
    case when zones.commune_code is not null then communes.inhabitants else 0 end as numerator,
    communes.inhabitants as denominator
from core.communes as communes
left join core.mountain_areas as zones on communes.commune_code = zones.commune_code
where not communes.is_collectivity
