-- One row per day, commune before and commune after: what became of the ground of a commune, or of its name.
-- The shares say which part of a count of the one goes to the other, forwards and backwards in time.
with

families as (

    select
        links.*,
        spans.is_first as is_birth,
        count(*) over (partition by links.event_date, links.from_code) as to_count,
        count(*) over (partition by links.event_date, links.to_code) as from_count
    from core.commune_links as links
    inner join core.commune_spans as spans
        on links.to_code = spans.commune_code and links.event_date = spans.start_date

),

ground as (

    select
        families.event_date,
        families.is_dated,
        case
            when families.to_count > 1 and families.from_count > 1 then 'reshaping'
            when families.to_count > 1 and bool_or(families.is_birth) over (
                partition by families.event_date, families.from_code
            ) then 'creation'
            when families.to_count > 1 then 'restoration'
            when families.from_count > 1 then 'merger'
            when left(families.from_code, 2) != left(families.to_code, 2) then 'departement_change'
            else 'code_change'
        end as event_type,
        families.from_code,
        families.to_code,
        forwards.population_share as forward_share,
        backwards.population_share as backward_share
    from families
    inner join core.commune_moves as forwards
        on
            forwards.is_forward
            and families.event_date = forwards.event_date
            and families.from_code = forwards.commune_code
            and families.to_code = forwards.next_code
    inner join core.commune_moves as backwards
        on
            not backwards.is_forward
            and families.event_date = backwards.event_date
            and families.to_code = backwards.commune_code
            and families.from_code = backwards.next_code

),

names as (

    select
        *,
        lag(commune_name) over (partition by commune_code order by start_date) as name_before
    from core.commune_names

),

renamed as (

    select
        start_date as event_date,
        is_dated,
        'name_change' as event_type,
        commune_code as from_code,
        commune_code as to_code,
        1 as forward_share,
        1 as backward_share
    from names
    where
        commune_name != name_before
        and (start_date, commune_code) not in (select (ground.event_date, ground.to_code) from ground)

),

events as (

    select * from ground

    union all

    select * from renamed

)

select
    events.event_date,
    events.is_dated,
    events.event_type,
    'COM-' || events.from_code as from_id,
    arg_max(former.commune_name, former.start_date) as from_name,
    'COM-' || events.to_code as to_id,
    coalesce(
        arg_max(latter.commune_name, latter.start_date) filter (where latter.start_date <= events.event_date),
        arg_min(latter.commune_name, latter.start_date)
    ) as to_name,
    any_value(events.forward_share) as forward_share,
    any_value(events.backward_share) as backward_share
from events
left join core.commune_names as former
    on events.from_code = former.commune_code and events.event_date > former.start_date
left join core.commune_names as latter on events.to_code = latter.commune_code
group by events.event_date, events.is_dated, events.event_type, events.from_code, events.to_code
