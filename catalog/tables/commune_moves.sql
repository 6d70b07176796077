-- One row per step from one span of a commune to the next, forwards or backwards in time, with the residents
-- of the next one as counted nearest to that day, if they were counted at all.
with

directed as (

    select
        true as is_forward,
        event_date,
        from_code as commune_code,
        to_code as next_code
    from core.commune_links

    union all

    select
        false as is_forward,
        event_date,
        to_code as commune_code,
        from_code as next_code
    from core.commune_links

),

joined as (

    select
        directed.is_forward,
        directed.event_date,
        directed.commune_code,
        spans.start_date,
        directed.next_code,
        nexts.start_date as next_start_date,
        nexts.end_date as next_end_date
    from directed
    inner join core.commune_spans as spans
        on
            directed.commune_code = spans.commune_code
            and directed.event_date
            = case when directed.is_forward then spans.end_date else spans.start_date end
    inner join core.commune_spans as nexts
        on
            directed.next_code = nexts.commune_code
            and directed.event_date
            = case when directed.is_forward then nexts.start_date else nexts.end_date end

),

known as (

    select
        joined.is_forward,
        joined.event_date,
        joined.commune_code,
        joined.next_code,
        arg_min(weights.inhabitants, abs(weights.vintage - year(joined.event_date))) as inhabitants
    from joined
    inner join core.commune_weights as weights
        on
            joined.next_code = weights.commune_code
            and make_date(weights.vintage, 1, 1) >= joined.next_start_date
            and make_date(weights.vintage, 1, 1) < joined.next_end_date
    group by joined.is_forward, joined.event_date, joined.commune_code, joined.next_code

),

numbered as (

    select
        *,
        count(*) over (partition by is_forward, event_date, commune_code) as piece_count,
        count(*) over (partition by is_forward, event_date, next_code) as source_count
    from joined

)

select
    numbered.is_forward,
    numbered.event_date,
    numbered.commune_code,
    numbered.start_date,
    numbered.next_code,
    numbered.next_start_date,
    numbered.next_end_date,
    numbered.piece_count > 1 as is_split,
    numbered.source_count > 1 as is_merged,
    contents.codes as next_codes,
    known.inhabitants as next_inhabitants,
    -- Of a count of the whole commune; what was merged into it may go to some of the pieces only.
    cast(
        case
            when
                count(known.inhabitants) over pieces = numbered.piece_count
                and sum(known.inhabitants) over pieces > 0
                then known.inhabitants / sum(known.inhabitants) over pieces
            else 1 / numbered.piece_count
        end as decimal(18, 12)
    ) as population_share
from numbered
inner join core.commune_contents as contents
    on numbered.next_code = contents.commune_code and numbered.next_start_date = contents.start_date
left join known
    on
        numbered.is_forward = known.is_forward
        and numbered.event_date = known.event_date
        and numbered.commune_code = known.commune_code
        and numbered.next_code = known.next_code
window pieces as (partition by numbered.is_forward, numbered.event_date, numbered.commune_code)
