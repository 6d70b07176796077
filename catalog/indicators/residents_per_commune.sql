-- One row per commune of today and census reference year.
select
    commune_code,
    census_year as period,
    inhabitants as numerator,
    1 as denominator,
    estimation
from core.population
