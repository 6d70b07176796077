-- One row per commune and day from which it bore a name, or an edition gave it.
-- is_dated: the day is known; else it is the 1 January of the edition.
with

told as (

    select
        commune_code,
        coalesce(start_date, date '1943-01-01') as start_date,
        true as is_dated,
        commune_name
    from core.commune_history
    where kind = 'COM'

    union all

    select
        commune_code,
        make_date(edition, 1, 1) as start_date,
        false as is_dated,
        commune_name
    from core.administrative_divisions_communes
    where kind = 'commune-actuelle'

)

select * from told

union all

-- Saint-Barthélemy and Saint-Martin before 2007 and Mayotte before 2011 are in no list: they bore the name
-- that their successor has.
select
    added.from_code as commune_code,
    date '1943-01-01' as start_date,
    true as is_dated,
    arg_max(told.commune_name, told.start_date) as commune_name
from core.commune_changes_added as added
inner join told on added.to_code = told.commune_code
anti join told as listed on added.from_code = listed.commune_code
group by added.from_code
