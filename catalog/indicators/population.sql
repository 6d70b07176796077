-- One row per commune and census reference year.
select
    commune_code,
    census_year as period,
    inhabitants as numerator,
    estimation
from core.population
