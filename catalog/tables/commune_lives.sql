-- One row per commune and span of days in which it was one, whatever became of its ground meanwhile: two
-- rows for a commune that was merged and restored. valid_to is the first day on which it was none.
with

borders as (

    select
        commune_code,
        start_date,
        end_date,
        coalesce(
            start_date != lag(end_date) over (partition by commune_code order by start_date), true
        ) as is_first
    from core.commune_spans

),

numbered as (

    select
        *,
        sum(cast(is_first as integer)) over (partition by commune_code order by start_date) as life
    from borders

),

lives as (

    select
        commune_code,
        min(start_date) as valid_from,
        max(end_date) as end_date
    from numbered
    group by commune_code, life

),

names as (

    select
        commune_code,
        coalesce(start_date, date '1943-01-01') as start_date,
        commune_name
    from core.commune_history
    where kind = 'COM'

    union all

    select
        commune_code,
        make_date(edition, 1, 1) as start_date,
        commune_name
    from core.administrative_divisions_communes
    where kind = 'commune-actuelle'

),

-- A commune that is in no list bears the name that its successor had.
successors as (

    select
        added.from_code as commune_code,
        arg_max(names.commune_name, names.start_date) as commune_name
    from core.commune_changes_added as added
    inner join names on added.to_code = names.commune_code
    where added.from_code not in (select listed.commune_code from names as listed)
    group by added.from_code

)

select
    lives.commune_code,
    lives.valid_from,
    nullif(lives.end_date, date '9999-12-31') as valid_to,
    coalesce(arg_max(names.commune_name, names.start_date), any_value(successors.commune_name))
        as commune_name
from lives
left join names on lives.commune_code = names.commune_code and lives.end_date > names.start_date
left join successors on lives.commune_code = successors.commune_code
group by lives.commune_code, lives.valid_from, lives.end_date
