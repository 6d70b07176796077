-- One row per commune whose town hall gives its hours, with the minutes that it opens in a week.
with

week as (

    select ['lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi', 'dimanche'] as days

),

entries as (

    select
        commune_code,
        unnest(cast(opening_hours as json [])) as entry
    from core.town_halls

),

intervals as (

    select
        entries.commune_code,
        entries.entry ->> 0 as first_day,
        entries.entry ->> 1 as last_day,
        unnest(cast(entries.entry -> 2 as json [])) as hours
    from entries

),

-- The same opening given twice counts once.
slots as (

    select distinct
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

)

select
    commune_code,
    sum(date_diff('minute', opens, closes)) as weekly_minutes,
    bool_or(weekday >= 6) as is_open_at_weekend
from slots
where closes > opens
group by commune_code
