-- One row per commune of today and census reference year.
-- estimation: carried_over where the census is of another year; split where a figure was shared out; null
-- where it is known.
select
    commune_code,
    census_year,
    -- As the roll-up counts: a wider type would be narrowed again in each indicator, which is slow.
    cast(sum(inhabitants * population_share) as decimal(18, 8)) as inhabitants,
    case
        when bool_or(is_carried_over) then 'carried_over'
        when bool_or(population_share < 1) then 'split'
    end as estimation
from core.census_population
group by commune_code, census_year
