-- One row per commune of today and quarter of which the premises are known.
with

premises as (

    select
        commune_code,
        sum((home_count + establishment_count) * population_share) as premises_count
    from core.fibre_premises
    group by commune_code

),

connectable as (

    select
        commune_code,
        quarter,
        sum(connectable_count * population_share) as connectable_count
    from core.fibre_deployment
    group by commune_code, quarter

)

select
    connectable.commune_code,
    connectable.quarter as period,
    connectable.connectable_count as numerator,
    premises.premises_count as denominator
from connectable
inner join premises on connectable.commune_code = premises.commune_code
