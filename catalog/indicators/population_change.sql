-- One row per commune and census reference year, but the first. A commune whose figure is carried over
-- from an older census has no change, rather than none of size zero.
with

steps as (

    select
        commune_code,
        census_year,
        inhabitants,
        estimation,
        coalesce(estimation = 'carried_over', false) as is_carried_over,
        lag(inhabitants) over (partition by commune_code order by census_year) as previous_inhabitants,
        census_year - lag(census_year) over (partition by commune_code order by census_year) as years
    from core.population

)

select
    commune_code,
    census_year as period,
    case when not is_carried_over then inhabitants - previous_inhabitants end as numerator,
    case when not is_carried_over then previous_inhabitants * years end as denominator,
    estimation
from steps
where years is not null
