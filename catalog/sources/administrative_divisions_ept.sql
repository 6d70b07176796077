-- One row per edition, ept and member commune.
with

listed as (

    select
        cast(edition as integer) as edition,
        code as ept_code,
        nom as ept_name,
        type as ept_kind,
        unnest(cast(cast(membres as json) as json[])) as member
    from raw.administrative_divisions_ept

)

select
    edition,
    ept_code,
    ept_name,
    ept_kind,
    member ->> 'code' as commune_code
from listed
