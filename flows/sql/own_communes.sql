-- One row per commune on the map of 1 January of `to_vintage`, with what the edition of that year says of it.
with

told as (

    select *
    from core.administrative_divisions_communes
    where kind = 'commune-actuelle' and edition = getvariable('to_vintage')

)

select
    spans.commune_code,
    told.commune_name,
    told.arrondissement_code,
    case
        when left(spans.commune_code, 2) in ('97', '98') then left(spans.commune_code, 3)
        else left(spans.commune_code, 2)
    end as departement_code,
    told.region_code,
    left(spans.commune_code, 2) = '98'
    or left(spans.commune_code, 3) in ('975', '977', '978') as is_collectivity,
    cast(null as varchar) as epci_code,
    cast(null as varchar) as ept_code,
    told.inhabitants,
    getvariable('to_vintage') as vintage
from core.commune_spans as spans
left join told on spans.commune_code = told.commune_code
where
    make_date(getvariable('to_vintage'), 1, 1) >= spans.start_date
    and make_date(getvariable('to_vintage'), 1, 1) < spans.end_date
