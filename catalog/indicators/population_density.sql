-- One row per commune with a polygon and census reference year.
select
    population.commune_code,
    population.census_year as period,
    population.inhabitants as numerator,
    areas.area_km2 as denominator,
    population.estimation
from core.population as population
left join core.commune_areas as areas on population.commune_code = areas.commune_code
