-- One row per région that the texts name a lab in.
with

labs as (

    select
        coalesce(communes.region_code, labs.territory_code) as region_code,
        substr(labs.as_of, 1, 4) as period
    from core.innovation_labs as labs
    left join core.communes as communes
        on labs.territory_level = 'COM' and labs.territory_code = communes.commune_code

)

select
    region_code,
    period,
    count(*) as numerator
from labs
group by region_code, period
