-- One row per indicator, territory and period: numerators and denominators are added up over the
-- members of the territory, and divided last.
create table indicators.observations as
with

members as (

    select
        territory_id,
        any_value(level) as level,
        part_level,
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

expected as (

    select
        rules.*,
        periods.period,
        members.territory_id,
        members.level as territory_level,
        members.part_count,
        members.population
    from parts.rules as rules
    inner join periods on rules.indicator = periods.indicator
    inner join members on rules.level = members.part_level
    where
        (rules.rollup != 'none' or members.level = rules.level)
        and case rules.published_from
            when 'commune' then true
            when 'epci' then members.level != 'commune'
            when 'departement' then members.level in ('departement', 'region', 'country')
            when 'region' then members.level in ('region', 'country')
        end

),

-- Parts of which all that the roll-up needs is known.
whole_parts as (

    select parts.*
    from parts.observations as parts
    inner join parts.rules as rules on parts.indicator = rules.indicator
    where
        parts.numerator is not null
        and (parts.denominator is not null or rules.rollup = 'sum')

),

known as (

    -- A part stands for itself: most rows, and nothing to add up.
    select
        whole_parts.indicator,
        memberships.territory_id,
        whole_parts.period,
        cast(whole_parts.numerator as decimal(18, 6)) as numerator,
        cast(whole_parts.denominator as decimal(18, 6)) as denominator,
        1 as part_count,
        memberships.population,
        whole_parts.estimation is not null as is_estimated,
        coalesce(whole_parts.estimation = 'provisional', false) as is_provisional
    from whole_parts
    inner join core.memberships as memberships
        on whole_parts.part_id = memberships.part_id and memberships.territory_id = memberships.part_id

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
        coalesce(
            bool_or(
                whole_parts.estimation = 'carried_over'
                or (whole_parts.estimation = 'split' and not memberships.holds_whole_split)
            ),
            false
        ) as is_estimated,
        coalesce(bool_or(whole_parts.estimation = 'provisional'), false) as is_provisional
    from whole_parts
    inner join core.memberships as memberships
        on whole_parts.part_id = memberships.part_id and memberships.territory_id != memberships.part_id
    group by whole_parts.indicator, memberships.territory_id, whole_parts.period

),

covered as (

    select
        expected.indicator,
        expected.territory_id,
        expected.period,
        expected.rollup,
        expected.per,
        expected.min_units,
        known.numerator,
        known.denominator,
        known.is_estimated,
        known.is_provisional,
        case
            when expected.population > 0
                then coalesce(known.population, 0) / expected.population
            else coalesce(known.part_count, 0) / expected.part_count
        end as coverage,
        -- A sum that lacks one part is understated; a ratio only needs enough people.
        case
            when known.part_count is null then false
            when expected.rollup = 'sum' then known.part_count = expected.part_count
            else known.population >= expected.coverage * expected.population
        end as is_covered
    from expected
    left join known
        on
            expected.indicator = known.indicator
            and expected.territory_id = known.territory_id
            and expected.period = known.period

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
    cast(covered.coverage as double) as coverage,
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
