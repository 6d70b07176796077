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

)

select
    lives.commune_code,
    lives.valid_from,
    nullif(lives.end_date, date '9999-12-31') as valid_to,
    arg_max(names.commune_name, names.start_date) as commune_name
from lives
left join core.commune_names as names
    on lives.commune_code = names.commune_code and lives.end_date > names.start_date
group by lives.commune_code, lives.valid_from, lives.end_date
