-- One row per edition, epci and member commune.
with

listed as (

    select
        cast(edition as integer) as edition,
        code as epci_code,
        nom as epci_name,
        type as epci_kind,
        unnest(cast(cast(membres as json) as json[])) as member
    from raw.administrative_divisions_epci

)

select
    edition,
    epci_code,
    epci_name,
    epci_kind,
    member ->> 'code' as commune_code
from listed
