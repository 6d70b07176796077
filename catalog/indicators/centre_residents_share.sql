-- One row per commune of today of which the zone is known.
select
    zones.commune_code,
    '2025' as period,
    case when zones.centrality_level >= 1 then communes.inhabitants else 0 end as numerator,
    communes.inhabitants as denominator
from core.centrality_levels as zones
inner join core.communes as communes on zones.commune_code = communes.commune_code
where zones.centrality_level is not null
