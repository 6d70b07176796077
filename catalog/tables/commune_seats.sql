-- One row per edition and code that is no commune: the commune that it lies in.
-- Where the two lists of an edition disagree, the seat that a delegated commune names is right.
with

seats as (

    select
        edition,
        commune_code,
        parent_commune_code as seat_code,
        1 as priority
    from core.administrative_divisions_communes
    where kind != 'commune-actuelle'

    union all

    select
        edition,
        unnest(former_codes) as commune_code,
        commune_code as seat_code,
        2 as priority
    from core.administrative_divisions_communes
    where kind = 'commune-actuelle'

)

select
    edition,
    commune_code,
    arg_min(seat_code, priority) as seat_code
from seats
group by edition, commune_code
