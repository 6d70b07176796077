-- One row per commune of the newest edition.
with

newest as (

    select max(edition) as edition
    from core.administrative_divisions_communes

)

select
    communes.commune_code,
    communes.commune_name,
    communes.arrondissement_code,
    communes.departement_code,
    communes.region_code,
    communes.is_collectivity,
    epci.epci_code,
    ept.ept_code,
    communes.inhabitants,
    communes.edition as vintage
from core.administrative_divisions_communes as communes
inner join newest on communes.edition = newest.edition
left join core.administrative_divisions_epci as epci
    on communes.commune_code = epci.commune_code and newest.edition = epci.edition
left join core.administrative_divisions_ept as ept
    on communes.commune_code = ept.commune_code and newest.edition = ept.edition
where communes.kind = 'commune-actuelle'
