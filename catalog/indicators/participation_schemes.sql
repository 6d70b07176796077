-- One row per commune of today; one that runs none counts zero.
with

counted as (

    select
        commune_code,
        sum(population_share) as scheme_count
    from core.participation_by_commune
    group by commune_code

)

select
    communes.commune_code,
    '2025' as period,
    coalesce(counted.scheme_count, 0) as numerator
from core.communes as communes
left join counted on communes.commune_code = counted.commune_code
