-- One row per commune of today whose SIREN is known: whether it publishes open data.
with

known as (

    select distinct commune_code
    from core.commune_sirens

)

select
    known.commune_code,
    '2026' as period,
    case when publishers.commune_code is null then 0 else 1 end as numerator,
    1 as denominator
from known
left join core.open_data_communes as publishers on known.commune_code = publishers.commune_code
