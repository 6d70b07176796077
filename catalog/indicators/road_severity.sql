-- One row per commune of today and year that the source covers.
select
    commune_code,
    accident_year as period,
    killed_count as numerator,
    accident_count as denominator,
    estimation
from core.road_accidents_by_commune
