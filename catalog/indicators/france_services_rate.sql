-- One row per commune of today and period; one that has none counts zero.
with

periods as (

    select distinct period
    from core.places_open

)

select
    communes.commune_code,
    periods.period,
    coalesce(places.place_count, 0) as numerator,
    communes.inhabitants as denominator
from core.communes as communes
cross join periods
left join core.places_open as places
    on communes.commune_code = places.commune_code and periods.period = places.period
