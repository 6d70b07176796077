-- One row per commune of today and census reference year.
select
    commune_code,
    census_year as period,
    case when inhabitants < 2000 then inhabitants else 0 end as numerator,
    inhabitants as denominator,
    estimation
from core.population
