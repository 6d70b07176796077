-- One row per commune of today and year of which the population is known.
select
    accidents.commune_code,
    accidents.accident_year as period,
    accidents.killed_count as numerator,
    population.inhabitants as denominator,
    coalesce(population.estimation, accidents.estimation) as estimation
from core.road_accidents_by_commune as accidents
inner join core.population as population
    on
        accidents.commune_code = population.commune_code
        and accidents.accident_year = population.census_year
