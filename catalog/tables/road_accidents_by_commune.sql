-- One row per commune of today and year that the source covers. A commune without an accident counts
-- zero, if its département has one in that year.
with

covered as (

    select distinct
        accidents.accident_year,
        communes.departement_code
    from core.road_accidents as accidents
    inner join core.communes as communes on accidents.commune_code = communes.commune_code

),

counted as (

    select
        commune_code,
        accident_year,
        -- As the roll-up counts: a wider type would be narrowed again in each indicator, which is slow.
        cast(sum(accident_count * population_share) as decimal(18, 8)) as accident_count,
        cast(sum(killed_count * population_share) as decimal(18, 8)) as killed_count,
        case when bool_or(population_share < 1) then 'split' end as estimation
    from core.road_accidents
    group by commune_code, accident_year

)

select
    communes.commune_code,
    covered.accident_year,
    coalesce(counted.accident_count, 0) as accident_count,
    coalesce(counted.killed_count, 0) as killed_count,
    counted.estimation
from core.communes as communes
inner join covered on communes.departement_code = covered.departement_code
left join counted
    on
        communes.commune_code = counted.commune_code
        and covered.accident_year = counted.accident_year
