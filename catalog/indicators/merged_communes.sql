-- One row per commune of today; one without a merger counts zero.
with

counted as (

    select
        commune_code,
        sum(population_share) as commune_count
    from core.merged_communes
    where event_year >= 2010
    group by commune_code

)

select
    communes.commune_code,
    cast(communes.vintage as varchar) as period,
    coalesce(counted.commune_count, 0) as numerator
from core.communes as communes
left join counted on communes.commune_code = counted.commune_code
