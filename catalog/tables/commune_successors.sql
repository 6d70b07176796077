-- One row per former code, span of vintages and commune of today that it falls in.
-- population_share says which part of a count that commune takes: 1, but after a split, where it is
-- its share of the residents of today. The shares of a split add up to exactly 1.
with

newest as (

    select max(edition) as edition
    from core.administrative_divisions_communes

),

-- A code that is no commune any more: delegated, an arrondissement of a city, absorbed, or renumbered.
-- Where two lists disagree, the commune that a delegated one belongs to today is right.
absorbed as (

    select
        commune_code as former_code,
        parent_commune_code as commune_code,
        1 as priority
    from core.administrative_divisions_communes
    where
        kind != 'commune-actuelle'
        and edition = (select newest.edition from newest)

    union all

    select
        unnest(former_codes) as former_code,
        commune_code,
        2 as priority
    from core.administrative_divisions_communes
    where
        kind = 'commune-actuelle'
        and edition = (select newest.edition from newest)

    union all

    -- Communes of Guadeloupe until 2007, collectivities since (law 2007-223); in no edition.
    select
        code_changes.former_code,
        code_changes.commune_code,
        3 as priority
    from (values ('97123', '97701'), ('97127', '97801')) as code_changes (former_code, commune_code)

),

-- Every code leads to one commune of today, the one that keeps its seat.
seats as (

    select
        commune_code as former_code,
        commune_code
    from core.communes

    union all

    select
        absorbed.former_code,
        arg_min(absorbed.commune_code, absorbed.priority) as commune_code
    from absorbed
    where absorbed.former_code not in (select communes.commune_code from core.communes as communes)
    group by absorbed.former_code

),

-- A commune of today that was part of another one in an earlier edition, and came out of it.
restored as (

    select
        parts.parent_commune_code as former_code,
        parts.commune_code,
        -- The merger is older than the editions where the history knows the day.
        coalesce(max(year(history.end_date - interval 1 day)) + 1, min(parts.edition)) as first_vintage,
        max(parts.edition) as last_vintage
    from core.administrative_divisions_communes as parts
    inner join core.communes as communes on parts.commune_code = communes.commune_code
    inner join seats
        on
            parts.parent_commune_code = seats.former_code
            and parts.commune_code != seats.commune_code
    left join core.commune_history as history
        on
            parts.commune_code = history.commune_code
            and history.kind = 'COM'
            and history.end_date is not null
    where parts.kind in ('commune-deleguee', 'commune-associee')
    group by parts.parent_commune_code, parts.commune_code

),

spans as (

    select
        former_code,
        min(first_vintage) as first_vintage,
        max(last_vintage) as last_vintage
    from restored
    group by former_code

),

pieces as (

    select
        restored.former_code,
        restored.commune_code
    from restored

    union all

    select
        seats.former_code,
        seats.commune_code
    from seats
    inner join spans on seats.former_code = spans.former_code

),

weighed as (

    select
        pieces.former_code,
        pieces.commune_code,
        cast(
            communes.inhabitants / sum(communes.inhabitants) over (partition by pieces.former_code)
            as decimal(18, 12)
        ) as population_share,
        row_number() over (
            partition by pieces.former_code
            order by communes.inhabitants desc, pieces.commune_code asc
        ) as rank
    from pieces
    inner join core.communes as communes on pieces.commune_code = communes.commune_code

),

shared as (

    select
        former_code,
        commune_code,
        -- The largest piece takes what rounding leaves.
        case
            when rank > 1 then population_share
            else
                1 - coalesce(
                    sum(population_share) filter (where rank > 1) over (partition by former_code), 0
                )
        end as population_share
    from weighed

)

select
    shared.former_code,
    shared.commune_code,
    cast(shared.population_share as decimal(18, 12)) as population_share,
    spans.first_vintage,
    spans.last_vintage,
    'split' as method
from shared
inner join spans on shared.former_code = spans.former_code

union all

-- All years before a split, or all years at all.
select
    seats.former_code,
    seats.commune_code,
    cast(1 as decimal(18, 12)) as population_share,
    1943 as first_vintage,
    coalesce(spans.first_vintage - 1, 9999) as last_vintage,
    case when seats.former_code = seats.commune_code then 'unchanged' else 'merged' end as method
from seats
left join spans on seats.former_code = spans.former_code

union all

-- All years since what was split came apart.
select
    seats.former_code,
    seats.commune_code,
    cast(1 as decimal(18, 12)) as population_share,
    spans.last_vintage + 1 as first_vintage,
    9999 as last_vintage,
    case when seats.former_code = seats.commune_code then 'unchanged' else 'merged' end as method
from seats
inner join spans on seats.former_code = spans.former_code
