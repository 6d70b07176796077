-- One row per commune of today of which the zone is known.
select
    zones.commune_code,
    '2025' as period,
    case when zones.density_code in ('6', '7') then communes.inhabitants else 0 end as numerator,
    communes.inhabitants as denominator
from core.density_grid as zones
inner join core.communes as communes on zones.commune_code = communes.commune_code
