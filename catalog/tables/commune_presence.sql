-- One row per commune and span of days in which it is one. Adjoining spans are not put together.
-- end_date is the first day on which it is none, or 9999-12-31.
with

births as (

    select
        to_code as commune_code,
        max(event_date) as birth_date
    from core.commune_changes_added
    where is_birth
    group by to_code

)

select
    history.commune_code,
    coalesce(history.start_date, births.birth_date, date '1943-01-01') as start_date,
    coalesce(history.end_date, date '2019-01-01') as end_date
from core.commune_history as history
left join births on history.commune_code = births.commune_code
where history.kind = 'COM'

union all

select
    commune_code,
    make_date(year, 1, 1) as start_date,
    case
        when year = max(year) over () then date '9999-12-31'
        else make_date(year + 1, 1, 1)
    end as end_date
from core.commune_maps
