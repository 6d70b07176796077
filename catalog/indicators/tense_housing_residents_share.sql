-- One row per commune of today.
with

zones as (

    select
        commune_code,
        vintage,
        bool_or(zone_code in ('Abis', 'A', 'B1')) as is_tense
    from core.housing_tension
    group by commune_code, vintage

)

select
    zones.commune_code,
    zones.vintage as period,
    case when zones.is_tense then communes.inhabitants else 0 end as numerator,
    communes.inhabitants as denominator
from zones
inner join core.communes as communes on zones.commune_code = communes.commune_code
