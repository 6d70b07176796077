-- One row per day, commune before and commune after: what became of the ground of a commune, or of its name.
-- The shares say which part of a count of the one goes to the other, forwards and backwards in time.
with

births as (

    select
        commune_code,
        min(start_date) as first_date
    from core.commune_spans
    group by commune_code

),

families as (

    select
        links.*,
        births.first_date = links.event_date as is_birth,
        count(*) over (partition by links.event_date, links.from_code) as to_count,
        count(*) over (partition by links.event_date, links.to_code) as from_count
    from core.commune_links as links
    inner join births on links.to_code = births.commune_code

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

named as (

    select
        commune_code,
        coalesce(start_date, date '1943-01-01') as event_date,
        true as is_dated,
        commune_name
    from core.commune_history
    where kind = 'COM'

    union all

    select
        commune_code,
        make_date(edition, 1, 1) as event_date,
        false as is_dated,
        commune_name
    from core.administrative_divisions_communes
    where kind = 'commune-actuelle'

    union all

    -- Codes that are in neither list: Saint-Barthélemy and Saint-Martin before 2007, Mayotte before 2011.
    select
        lives.commune_code,
        lives.valid_from as event_date,
        true as is_dated,
        lives.commune_name
    from core.commune_lives as lives
    inner join core.commune_changes_added as added on lives.commune_code = added.from_code
    anti join core.commune_history as history on lives.commune_code = history.commune_code

),

names as (

    select
        *,
        lag(commune_name) over (partition by commune_code order by event_date) as name_before
    from named

),

renamed as (

    select
        event_date,
        is_dated,
        'name_change' as event_type,
        commune_code as from_code,
        commune_code as to_code,
        1 as forward_share,
        1 as backward_share
    from names
    where
        commune_name != name_before
        and (event_date, commune_code) not in (select (ground.event_date, ground.to_code) from ground)

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
    arg_max(former.commune_name, former.event_date) as from_name,
    'COM-' || events.to_code as to_id,
    coalesce(
        arg_max(latter.commune_name, latter.event_date) filter (where latter.event_date <= events.event_date),
        arg_min(latter.commune_name, latter.event_date)
    ) as to_name,
    any_value(events.forward_share) as forward_share,
    any_value(events.backward_share) as backward_share
from events
left join named as former
    on events.from_code = former.commune_code and events.event_date > former.event_date
left join named as latter on events.to_code = latter.commune_code
group by events.event_date, events.is_dated, events.event_type, events.from_code, events.to_code
