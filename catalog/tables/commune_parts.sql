-- One row per delegated or associated commune, commune that it lies in and span of days.
-- valid_to is the first day on which it no longer did.
with

history as (

    select
        parts.kind || '-' || parts.commune_code as part_id,
        parts.commune_code as part_code,
        parts.commune_name as part_name,
        poles.pole_code as commune_code,
        parts.start_date,
        coalesce(parts.end_date, date '2019-01-01') as end_date
    from core.commune_history as parts
    inner join core.commune_poles as poles on parts.state_id = poles.state_id
    where parts.kind in ('COMA', 'COMD')

),

listed as (
    select distinct edition from core.administrative_divisions_communes
),

years as (

    select
        edition,
        lead(edition) over (order by edition) as next_edition
    from listed

),

editions as (

    select
        case parts.kind when 'commune-deleguee' then 'COMD-' else 'COMA-' end
        || parts.commune_code as part_id,
        parts.commune_code as part_code,
        parts.commune_name as part_name,
        parts.parent_commune_code as commune_code,
        make_date(years.edition, 1, 1) as start_date,
        coalesce(make_date(years.next_edition, 1, 1), date '9999-12-31') as end_date
    from core.administrative_divisions_communes as parts
    inner join years on parts.edition = years.edition
    where parts.kind in ('commune-deleguee', 'commune-associee')

),

states as (

    select * from history

    union all

    select * from editions

),

borders as (

    select
        *,
        coalesce(
            start_date > max(end_date) over (
                partition by part_id, commune_code
                order by start_date
                rows between unbounded preceding and 1 preceding
            ), true
        ) as is_first
    from states

),

numbered as (

    select
        *,
        sum(cast(is_first as integer)) over (partition by part_id, commune_code order by start_date) as life
    from borders

)

select
    part_id,
    part_code,
    arg_max(part_name, start_date) as part_name,
    commune_code,
    min(start_date) as valid_from,
    nullif(max(end_date), date '9999-12-31') as valid_to
from numbered
group by part_id, part_code, commune_code, life
