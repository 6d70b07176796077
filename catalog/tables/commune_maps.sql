-- One row per year since the first edition and commune on its map of 1 January.
-- A year without an edition is told by the members of the EPCI of that year, where the editions around
-- it differ.
with

listed as (
    select distinct edition from core.administrative_divisions_communes
),

editions as (

    select
        edition,
        lead(edition) over (order by edition) as next_edition
    from listed

),

present as (

    select
        edition,
        commune_code
    from core.administrative_divisions_communes
    where kind = 'commune-actuelle'

),

gaps as (

    select
        edition,
        next_edition,
        unnest(range(edition + 1, next_edition)) as year
    from editions

)

select
    edition as year,
    commune_code
from present

union all

select
    gaps.year,
    present.commune_code
from gaps
inner join present on present.edition in (gaps.edition, gaps.next_edition)
group by gaps.year, present.commune_code
having
    count(*) = 2
    or (gaps.year, present.commune_code) in (
        select (epci.edition, epci.commune_code) from core.administrative_divisions_epci as epci
    )
