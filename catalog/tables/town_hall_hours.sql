-- One row per commune whose town hall gives its hours, with the minutes that it opens in a week.
with

week as (

    select ['lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi', 'dimanche'] as days

),

entries as (

    select
        commune_code,
        unnest(cast(opening_hours as json[])) as entry
    from core.town_halls

),

intervals as (

    select
        entries.commune_code,
        entries.entry ->> 0 as first_day,
        coalesce(nullif(entries.entry ->> 1, ''), entries.entry ->> 0) as last_day, -- one day alone
        unnest(cast(entries.entry -> 2 as json[])) as hours
    from entries

),

slots as (

    select
        intervals.commune_code,
        unnest(
            range(
                list_position(week.days, intervals.first_day),
                list_position(week.days, intervals.last_day) + 1
            )
        ) as weekday,
        cast(intervals.hours ->> 0 as time) as opens,
        cast(intervals.hours ->> 1 as time) as closes
    from intervals
    cross join week

),

-- Some openings are given twice or overlap: an opening adds only what follows all those before it.
seen as (

    select
        commune_code,
        weekday,
        opens,
        closes,
        max(closes) over (
            partition by commune_code, weekday
            order by opens, closes
            rows between unbounded preceding and 1 preceding
        ) as open_until
    from slots

)

select
    commune_code,
    sum(greatest(date_diff('minute', greatest(opens, coalesce(open_until, opens)), closes), 0))
        as weekly_minutes,
    bool_or(weekday >= 6) as is_open_at_weekend
from seen
group by commune_code
