-- One row per indicator, territory and period: numerators and denominators are added up over the
-- members of the territory, and divided last.
create table indicators.observations as
with

members as (

    select
        territory_id,
        any_value(level) as level,
        part_level,
        bool_or(part_id = territory_id) as is_part,
        count(*) as part_count,
        cast(sum(population) as bigint) as population
    from core.memberships
    group by territory_id, part_level

),

periods as (

    select distinct
        indicator,
        period
    from parts.observations

),

spans as (

    select
        indicator,
        count(*) as period_count
    from periods
    group by indicator

),

-- Parts of which all that the roll-up needs is known.
whole_parts as (

    select
        parts.indicator,
        parts.part_id,
        parts.period,
        parts.numerator,
        parts.denominator,
        parts.estimation is not null as is_estimated,
        coalesce(parts.estimation = 'carried_over', false) as is_carried_over,
        coalesce(parts.estimation = 'split', false) as is_split,
        coalesce(parts.estimation = 'provisional', false) as is_provisional
    from parts.observations as parts
    inner join parts.rules as rules on parts.indicator = rules.indicator
    where
        parts.numerator is not null
        and (parts.denominator is not null or rules.rollup = 'sum')

),

counted as (

    select
        indicator,
        part_id,
        count(*) as period_count
    from whole_parts
    group by indicator, part_id

),

-- The territories that have rows, and whether each is a part of which every period is known.
published as (

    select
        rules.*,
        members.territory_id,
        members.part_count,
        members.population,
        members.is_part and coalesce(counted.period_count = spans.period_count, false) as is_complete
    from parts.rules as rules
    inner join members on rules.level = members.part_level
    inner join spans on rules.indicator = spans.indicator
    left join counted on rules.indicator = counted.indicator and members.territory_id = counted.part_id
    where
        (rules.rollup != 'none' or members.level = rules.level)
        and case rules.published_from
            when 'commune' then true
            when 'epci' then members.level != 'commune'
            when 'departement' then members.level in ('departement', 'region', 'country')
            when 'region' then members.level in ('region', 'country')
        end

),

known as (

    -- A part of which some period is missing.
    select
        whole_parts.indicator,
        published.territory_id,
        whole_parts.period,
        cast(whole_parts.numerator as decimal(18, 6)) as numerator,
        cast(whole_parts.denominator as decimal(18, 6)) as denominator,
        published.part_count,
        published.population,
        whole_parts.is_estimated,
        whole_parts.is_provisional
    from whole_parts
    inner join published
        on whole_parts.indicator = published.indicator and whole_parts.part_id = published.territory_id
    where not published.is_complete

    union all

    select
        whole_parts.indicator,
        memberships.territory_id,
        whole_parts.period,
        cast(sum(whole_parts.numerator) as decimal(18, 6)) as numerator,
        cast(sum(whole_parts.denominator) as decimal(18, 6)) as denominator,
        count(*) as part_count,
        cast(sum(memberships.population) as bigint) as population,
        -- What was shared out over a split is exact again where all its pieces come together.
        bool_or(
            whole_parts.is_carried_over or (whole_parts.is_split and not memberships.holds_whole_split)
        ) as is_estimated,
        bool_or(whole_parts.is_provisional) as is_provisional
    from whole_parts
    inner join core.memberships as memberships
        on whole_parts.part_id = memberships.part_id and memberships.territory_id != memberships.part_id
    group by whole_parts.indicator, memberships.territory_id, whole_parts.period

),

found as (

    -- A part stands for itself: most rows, and nothing to add up or to look for.
    select
        published.*,
        whole_parts.period,
        cast(whole_parts.numerator as decimal(18, 6)) as numerator,
        cast(whole_parts.denominator as decimal(18, 6)) as denominator,
        published.part_count as known_count,
        published.population as known_population,
        whole_parts.is_estimated,
        whole_parts.is_provisional
    from whole_parts
    inner join published
        on whole_parts.indicator = published.indicator and whole_parts.part_id = published.territory_id
    where published.is_complete

    union all

    select
        published.*,
        periods.period,
        known.numerator,
        known.denominator,
        known.part_count as known_count,
        known.population as known_population,
        known.is_estimated,
        known.is_provisional
    from published
    inner join periods on published.indicator = periods.indicator
    left join known
        on
            published.indicator = known.indicator
            and published.territory_id = known.territory_id
            and periods.period = known.period
    where not published.is_complete

),

covered as (

    select
        *,
        case
            when population > 0 then coalesce(known_population, 0) / population
            else coalesce(known_count, 0) / part_count
        end as share,
        -- A sum that lacks one part is understated; a ratio only needs enough people.
        case
            when known_count is null then false
            when rollup = 'sum' then known_count = part_count
            else known_population >= coverage * population
        end as is_covered
    from found

)

select
    covered.indicator,
    covered.territory_id,
    covered.period,
    case
        when not covered.is_covered then null
        when covered.rollup = 'sum' then cast(covered.numerator as double)
        when covered.denominator != 0
            then covered.per * cast(covered.numerator as double) / cast(covered.denominator as double)
    end as value,
    case
        when covered.is_covered and covered.rollup != 'none' then covered.numerator
    end as numerator,
    case
        when covered.is_covered and covered.rollup != 'none' then covered.denominator
    end as denominator,
    cast(covered.share as double) as coverage,
    case
        when not covered.is_covered then 'O'
        when covered.rollup != 'sum' and covered.denominator = 0 then 'M'
        when breaks.period is not null then 'B'
        when covered.is_provisional or provisional.period is not null then 'P'
        when covered.is_estimated then 'E'
        else 'A'
    end as obs_status,
    'F' as conf_status
from covered
left join parts.breaks as breaks
    on covered.indicator = breaks.indicator and covered.period = breaks.period
left join parts.provisional as provisional
    on covered.indicator = provisional.indicator and covered.period = provisional.period;
