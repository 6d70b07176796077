-- One row per code, span of vintages and commune of the map asked for that its ground falls in, forwards
-- or backwards in time. The map is that of 1 January of `to_vintage` (`set variable to_vintage = 2019`), or
-- else the newest. population_share says which part of a count that commune takes; the shares of a code add
-- up to exactly 1. A code is understood in the years when it was none too, if they are not too many: one that
-- was restored since as what it is today, one that vanished as what it was.
-- is_on_map: the code is that of a commune on the map of 1 January of the years of the row.
with recursive

target as (

    select
        make_date(
            coalesce(
                cast(getvariable('to_vintage') as integer),
                (select max(edition) from core.administrative_divisions_communes)
            ), 1, 1
        ) as day

),

walk as (

    select
        spans.commune_code as former_code,
        spans.start_date as former_start_date,
        contents.codes as former_codes,
        spans.commune_code,
        spans.start_date,
        spans.end_date,
        contents.codes,
        cast(1 as decimal(18, 12)) as population_share,
        false as is_equal,
        false as is_merged
    from core.commune_spans as spans
    inner join core.commune_contents as contents
        on spans.commune_code = contents.commune_code and spans.start_date = contents.start_date

    union all

    select
        walk.former_code,
        walk.former_start_date,
        walk.former_codes,
        moves.next_code as commune_code,
        moves.next_start_date as start_date,
        moves.next_end_date as end_date,
        moves.next_codes as codes,
        cast(
            walk.population_share
            * case
                when
                    count(moves.next_inhabitants) over pieces = count(*) over pieces
                    and sum(moves.next_inhabitants) over pieces > 0
                    then moves.next_inhabitants / sum(moves.next_inhabitants) over pieces
                else 1 / count(*) over pieces
            end as decimal(18, 12)
        ) as population_share,
        walk.is_equal or (
            count(*) over pieces > 1
            and not coalesce(
                count(moves.next_inhabitants) over pieces = count(*) over pieces
                and sum(moves.next_inhabitants) over pieces > 0, false
            )
        ) as is_equal,
        walk.is_merged or moves.is_merged as is_merged
    from walk
    cross join target
    inner join core.commune_moves as moves
        on walk.commune_code = moves.commune_code and walk.start_date = moves.start_date
    where
        case
            when moves.is_forward then walk.end_date <= target.day
            else walk.start_date > target.day
        end
        and (not moves.is_split or list_has_any(walk.former_codes, moves.next_codes))
    window pieces as (
        partition by walk.former_code, walk.former_start_date, walk.commune_code, walk.start_date
    )

),

arrived as (

    select
        walk.former_code,
        walk.former_start_date,
        walk.commune_code,
        sum(walk.population_share) as population_share,
        bool_or(walk.is_equal) as is_equal,
        -- What was merged and came apart since is what it was.
        bool_or(walk.is_merged and walk.codes != walk.former_codes) as is_merged
    from walk
    cross join target
    where target.day >= walk.start_date and target.day < walk.end_date
    group by walk.former_code, walk.former_start_date, walk.commune_code

),

ranked as (

    select
        *,
        row_number() over (
            partition by former_code, former_start_date
            order by population_share desc, commune_code asc
        ) as rank
    from arrived

),

shared as (

    select
        former_code,
        former_start_date,
        commune_code,
        -- The largest piece takes what rounding leaves.
        case
            when rank > 1 then population_share
            else
                1 - coalesce(
                    sum(population_share) filter (where rank > 1) over (
                        partition by former_code, former_start_date
                    ), 0
                )
        end as population_share,
        case
            when count(*) over (partition by former_code, former_start_date) > 1
                then case when is_equal then 'split_equally' else 'split_by_population' end
            when is_merged then 'merged'
            when former_code != commune_code then 'recoded'
            else 'unchanged'
        end as method
    from ranked

),

-- Until when a code that is no commune any more is that of a delegated or associated one.
part_years as (

    select
        part_code,
        max(coalesce(year(valid_to - interval 1 day), 9999)) as last_vintage
    from core.commune_parts
    group by part_code

),

vintages as (

    select
        spans.commune_code,
        spans.start_date,
        year(spans.start_date - interval 1 day) + 1 as first_vintage,
        year(spans.end_date - interval 1 day) as last_vintage,
        max(year(spans.end_date - interval 1 day)) over (
            partition by spans.commune_code
            order by spans.start_date
            rows between unbounded preceding and 1 preceding
        ) as last_vintage_before,
        case
            when lead(spans.start_date) over lives is null then part_years.last_vintage
        end as last_part_vintage
    from core.commune_spans as spans
    left join part_years on spans.commune_code = part_years.part_code
    window lives as (partition by spans.commune_code order by spans.start_date)

),

-- The years of each span; before it, those without any, but no more than ten before the first; after the
-- last, as long as the code is that of a part, and ten years. A code that has been none for longer is
-- rather a mistake: 75001, a commune of the Seine until 1967, is the first arrondissement of Paris since.
understood as (

    select
        commune_code,
        start_date,
        unnest([
            {
                'first_vintage': coalesce(last_vintage_before + 1, first_vintage - 10),
                'last_vintage': least(first_vintage - 1, last_vintage),
                'is_on_map': false
            },
            {
                'first_vintage': greatest(first_vintage, coalesce(last_vintage_before + 1, first_vintage)),
                'last_vintage': last_vintage,
                'is_on_map': true
            },
            {
                'first_vintage': last_vintage + 1,
                'last_vintage': case
                    when lead(start_date) over (partition by commune_code order by start_date) is null
                        then least(greatest(last_vintage + 10, coalesce(last_part_vintage, 0)), 9999)
                    else -1
                end,
                'is_on_map': false
            }
        ]) as years
    from vintages

),

communes as (

    select
        shared.former_code,
        understood.years.first_vintage,
        understood.years.last_vintage,
        shared.commune_code,
        cast(shared.population_share as decimal(18, 12)) as population_share,
        shared.method,
        understood.years.is_on_map
    from shared
    inner join understood
        on shared.former_code = understood.commune_code and shared.former_start_date = understood.start_date
    where understood.years.first_vintage <= understood.years.last_vintage

),

-- Codes that never were a commune: municipal arrondissements, and parts that were given a code of their own.
parts as (

    select
        commune_code,
        arg_max(parent_commune_code, edition) as seat_code
    from core.administrative_divisions_communes
    where
        kind != 'commune-actuelle'
        and commune_code not in (select spans.commune_code from core.commune_spans as spans)
    group by commune_code

)

select * from communes

union all

select
    parts.commune_code as former_code,
    communes.first_vintage,
    communes.last_vintage,
    communes.commune_code,
    communes.population_share,
    case when communes.method in ('unchanged', 'recoded') then 'merged' else communes.method end as method,
    false as is_on_map
from parts
inner join communes on parts.seat_code = communes.former_code
