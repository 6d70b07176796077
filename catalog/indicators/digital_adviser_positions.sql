-- One row per commune of today; one that has none counts zero.
with

counted as (

    select
        commune_code,
        sum(adviser_count * population_share) as place_count
    from core.digital_advisers
    group by commune_code

)

select
    communes.commune_code,
    '2022' as period,
    coalesce(counted.place_count, 0) as numerator
from core.communes as communes
left join counted on communes.commune_code = counted.commune_code
