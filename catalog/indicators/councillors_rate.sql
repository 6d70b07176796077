-- One row per commune and year of the register.
with

councillors as (

    select
        commune_code,
        vintage,
        count(*) as councillor_count
    from core.municipal_councillors
    group by commune_code, vintage

)

select
    councillors.commune_code,
    councillors.vintage as period,
    councillors.councillor_count as numerator,
    communes.inhabitants as denominator
from councillors
inner join core.communes as communes on councillors.commune_code = communes.commune_code
