-- One row per commune: those counted apart, out of the total population.
select
    commune_code,
    '2023' as period,
    sum(counted_apart_population * population_share) as numerator,
    sum(total_population * population_share) as denominator
from core.legal_populations
group by commune_code
