-- One row per commune and census reference year.
select
    commune_code,
    census_year as period,
    inhabitants as numerator,
    is_estimated
from core.population
