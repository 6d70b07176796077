-- One row per day, commune before and commune after whose ground, or part of it, is the same: what
-- mergers, splits and changes of code did. A commune that loses or wins ground also leads to itself.
-- is_dated: the day is known; else it is the 1 January of the first map that shows the change.
with

history_changes as (

    -- What became of a commune.
    select
        former.end_date as event_date,
        former.commune_code as from_code,
        poles.pole_code as to_code
    from core.commune_history as former
    inner join core.commune_poles as poles on former.successor_state_id = poles.state_id
    where former.kind = 'COM'

    union

    -- Where a commune comes from: a split names only this side.
    select
        latter.start_date as event_date,
        poles.pole_code as from_code,
        latter.commune_code as to_code
    from core.commune_history as latter
    inner join core.commune_poles as poles on latter.predecessor_state_id = poles.state_id
    where latter.kind = 'COM'

    union

    select
        event_date,
        from_code,
        to_code
    from core.commune_changes_added
    where to_code in (select presence.commune_code from core.commune_presence as presence)

),

years as (
    select distinct year from core.commune_maps
),

steps as (

    select
        year,
        lag(year) over (order by year) as year_before
    from years

),

vanished as (

    select
        steps.year,
        maps.commune_code
    from steps
    inner join core.commune_maps as maps on steps.year_before = maps.year
    anti join core.commune_maps as later
        on steps.year = later.year and maps.commune_code = later.commune_code

),

appeared as (

    select
        steps.year,
        steps.year_before,
        maps.commune_code
    from steps
    inner join core.commune_maps as maps on steps.year = maps.year
    anti join core.commune_maps as earlier
        on steps.year_before = earlier.year and maps.commune_code = earlier.commune_code
    where steps.year_before is not null

),

edition_changes as (

    -- Into the commune that the next edition puts it in.
    select
        make_date(vanished.year, 1, 1) as event_date,
        vanished.commune_code as from_code,
        arg_min(seats.seat_code, seats.edition) as to_code
    from vanished
    inner join core.commune_seats as seats
        on vanished.commune_code = seats.commune_code and vanished.year <= seats.edition
    group by vanished.year, vanished.commune_code

    union

    -- Out of the commune that the edition before put it in.
    select
        make_date(appeared.year, 1, 1) as event_date,
        arg_max(seats.seat_code, seats.edition) as from_code,
        appeared.commune_code as to_code
    from appeared
    inner join core.commune_seats as seats
        on appeared.commune_code = seats.commune_code and appeared.year_before >= seats.edition
    group by appeared.year, appeared.commune_code

),

changes as (

    select
        *,
        true as is_dated
    from history_changes
    where from_code != to_code

    union all

    select
        *,
        false as is_dated
    from edition_changes
    where from_code != to_code

),

-- Communes on either side of a change that exist both before and after it.
lasting as (

    select
        involved.event_date,
        involved.commune_code,
        involved.is_dated
    from (
        select
            event_date,
            is_dated,
            unnest([from_code, to_code]) as commune_code
        from changes
    ) as involved
    inner join core.commune_presence as before
        on
            involved.commune_code = before.commune_code
            and involved.event_date > before.start_date
            and involved.event_date <= before.end_date
    inner join core.commune_presence as after
        on
            involved.commune_code = after.commune_code
            and involved.event_date >= after.start_date
            and involved.event_date < after.end_date
)

select
    event_date,
    from_code,
    to_code,
    is_dated
from changes

union

select
    event_date,
    commune_code as from_code,
    commune_code as to_code,
    is_dated
from lasting
