-- One row per commune and span of days in which its ground did not change: from one change that it
-- takes part in to the next. end_date is the first day that it no longer holds, or 9999-12-31.
-- is_first: the code was that of no commune before.
with

codes as (

    select commune_code from core.commune_presence

    union

    select from_code as commune_code from core.commune_links

    union

    select to_code as commune_code from core.commune_links

),

starts as (

    select
        to_code as commune_code,
        event_date as start_date
    from core.commune_links

    union

    -- Since ever, unless the first thing known of it is that it came from another.
    select
        codes.commune_code,
        date '1943-01-01' as start_date
    from codes
    left join core.commune_links as entries on codes.commune_code = entries.to_code
    left join core.commune_links as exits on codes.commune_code = exits.from_code
    group by codes.commune_code
    having min(entries.event_date) is null or min(exits.event_date) <= min(entries.event_date)

)

select
    starts.commune_code,
    starts.start_date,
    coalesce(min(exits.event_date), date '9999-12-31') as end_date,
    row_number() over (partition by starts.commune_code order by starts.start_date) = 1 as is_first
from starts
left join core.commune_links as exits
    on starts.commune_code = exits.from_code and starts.start_date < exits.event_date
group by starts.commune_code, starts.start_date
