-- One row per kind of code, the likeliest first: how many distinct codes of `codes_read` are of it.
with

lists as (

    select
        1 as priority,
        'commune' as kind,
        former_code as code
    from core.commune_successors

    union

    select
        2 as priority,
        'postal_code' as kind,
        unnest(postal_codes) as code
    from core.administrative_divisions_communes

    union

    select
        3 as priority,
        'epci_code' as kind,
        epci_code as code
    from core.administrative_divisions_epci

    union

    select
        4 as priority,
        'departement_code' as kind,
        departement_code as code
    from core.administrative_divisions_departements

)

select
    lists.kind,
    count(distinct codes_read.read_code) as code_count
from lists
inner join codes_read on lists.code = codes_read.read_code
group by lists.kind, lists.priority
order by code_count desc, lists.priority asc
