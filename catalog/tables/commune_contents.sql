-- One row per span of a commune: the codes of all whose ground lies in it, its own included.
-- Where a commune comes apart, one that was restored takes its own ground back, the delegated and associated
-- ones go where the lists put them, and the others stay; what is carved out for the first time may come from
-- any part.
with recursive

pieces as (

    select
        links.event_date,
        links.from_code,
        list(links.to_code) as codes,
        list(links.to_code) filter (
            where links.to_code != links.from_code and not spans.is_first
        ) as restored_codes
    from core.commune_links as links
    inner join core.commune_spans as spans
        on links.to_code = spans.commune_code and links.event_date = spans.start_date
    group by links.event_date, links.from_code

),

-- Where the parts of a commune lie after it came apart.
parts as (

    select
        pieces.event_date,
        pieces.from_code,
        history.commune_code as part_code,
        any_value(poles.pole_code) as to_code
    from pieces
    inner join core.commune_history as history
        on
            pieces.event_date >= history.start_date
            and coalesce(history.end_date, date '2019-01-01') > pieces.event_date
    inner join core.commune_poles as poles on history.state_id = poles.state_id
    where len(pieces.codes) > 1 and history.kind != 'COM' and list_contains(pieces.codes, poles.pole_code)
    group by pieces.event_date, pieces.from_code, history.commune_code

    union all

    select
        pieces.event_date,
        pieces.from_code,
        seats.commune_code as part_code,
        arg_min(seats.seat_code, seats.edition) as to_code
    from pieces
    inner join core.commune_seats as seats on year(pieces.event_date) <= seats.edition
    where len(pieces.codes) > 1 and pieces.event_date > date '2019-01-01'
    group by pieces.event_date, pieces.from_code, seats.commune_code

),

ground as (

    select
        commune_code as origin_code,
        []::varchar[] as path,
        commune_code,
        start_date,
        end_date
    from core.commune_spans
    where is_first

    union all

    select
        ground.origin_code,
        list_append(ground.path, ground.commune_code) as path,
        nexts.commune_code,
        nexts.start_date,
        nexts.end_date
    from ground
    inner join pieces on ground.commune_code = pieces.from_code and ground.end_date = pieces.event_date
    inner join core.commune_links as links
        on pieces.from_code = links.from_code and pieces.event_date = links.event_date
    left join parts
        on
            pieces.from_code = parts.from_code
            and pieces.event_date = parts.event_date
            and ground.origin_code = parts.part_code
            and list_contains(pieces.codes, parts.to_code)
    inner join core.commune_spans as nexts
        on links.to_code = nexts.commune_code and links.event_date = nexts.start_date
    where
        case
            when len(pieces.codes) = 1 then true
            when list_has_any(ground.path, coalesce(pieces.restored_codes, []))
                then links.to_code = list_intersect(ground.path, pieces.restored_codes)[1]
            when parts.to_code is not null then links.to_code = parts.to_code
            when len(pieces.codes) = len(coalesce(pieces.restored_codes, [])) then true
            else not list_contains(coalesce(pieces.restored_codes, []), links.to_code)
        end

)

select
    commune_code,
    start_date,
    list(distinct origin_code order by origin_code) as codes
from ground
group by commune_code, start_date
