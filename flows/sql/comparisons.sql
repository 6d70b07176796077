-- One row per indicator and territory of today with a value in the newest period that the indicator has
-- for its kind of territory. It reads what is disclosed: what is hidden has no row, and counts nowhere.

create temp macro rank_of(direction, below, up_to, group_count) as
case when direction = 'lower_is_better' then below + 1 else group_count - up_to + 1 end;

-- Those below, and half of those that have the same value.
create temp macro percentile_of(below, up_to, group_count) as round(50 * (below + up_to) / group_count, 2);

create temp macro quartile_of(below, up_to, group_count) as
case when group_count >= 4 then cast(greatest(ceil(2 * (below + up_to) / group_count), 1) as integer) end;

create table indicators.comparisons as
with

territories as (

    select
        territories.territory_id,
        -- A territory of one's own is like no other; a zone is compared within its zoning.
        case
            when territories.level in ('country', 'user', 'collectivity') then territories.territory_id
            else split_part(territories.territory_id, '-', 1)
        end as kind,
        case
            when territories.level in ('commune', 'arm') then territories.departement_id
            else territories.region_id
        end as parent_id,
        classes.size_class
    from indicators.territories as territories
    left join parts.size_classes as classes
        on
            territories.level = classes.level
            and territories.population >= classes.minimum
            and territories.population < coalesce(classes.next_minimum, 1e12)
    where territories.valid_to is null

),

known as (

    select
        observations.indicator,
        observations.territory_id,
        observations.period,
        observations.value,
        observations.obs_status,
        territories.kind
    from indicators.observations as observations
    inner join territories on observations.territory_id = territories.territory_id
    where observations.value is not null

),

newest as (

    select
        indicator,
        kind,
        max(period) as period
    from known
    group by indicator, kind

),

-- The newest period, the same time of the year one and five years before, and the last break: the first
-- period that today's compares with.
series as (

    select
        newest.indicator,
        newest.kind,
        newest.period,
        (cast(left(newest.period, 4) as integer) - 1) || substr(newest.period, 5) as year_before,
        (cast(left(newest.period, 4) as integer) - 5) || substr(newest.period, 5) as five_years_before,
        coalesce(max(breaks.period), '') as from_period
    from newest
    left join parts.breaks as breaks
        on newest.indicator = breaks.indicator and newest.period >= breaks.period
    group by newest.indicator, newest.kind, newest.period

),

told as (

    select
        known.indicator,
        known.territory_id,
        any_value(series.period) as period,
        max(known.value) filter (where known.period = series.period) as value,
        max(known.obs_status) filter (where known.period = series.period) as obs_status,
        max(known.value) filter (where known.period = series.year_before) as value_year_before,
        max(known.value) filter (where known.period = series.five_years_before) as value_five_years_before,
        min(known.period) as start_period,
        arg_min(known.value, known.period) as start_value
    from known
    inner join series
        on
            known.indicator = series.indicator
            and known.kind = series.kind
            and known.period >= series.from_period
    group by known.indicator, known.territory_id

),

latest as (

    select
        told.*,
        territories.kind,
        territories.parent_id,
        territories.size_class
    from told
    inner join territories on told.territory_id = territories.territory_id
    where told.value is not null

),

placed as (

    select
        latest.*,
        descriptions.direction,
        rank() over (level_ordered) - 1 as level_below,
        -- With those of the same value.
        count(*) over (level_ordered) as level_up_to,
        count(*) over (level_whole) as level_count,
        median(latest.value) over (level_whole) as level_median,
        -- Who has no département, région or size has no place among them.
        case when latest.parent_id is not null then rank() over (parent_ordered) - 1 end as parent_below,
        count(*) over (parent_ordered) as parent_up_to,
        case when latest.parent_id is not null then count(*) over (parent_whole) end as parent_count,
        case when latest.parent_id is not null then median(latest.value) over (parent_whole) end
            as parent_median,
        case when latest.size_class is not null then rank() over (size_ordered) - 1 end as size_below,
        count(*) over (size_ordered) as size_up_to,
        case when latest.size_class is not null then count(*) over (size_whole) end as size_count,
        case when latest.size_class is not null then median(latest.value) over (size_whole) end as size_median
    from latest
    inner join indicators.indicators as descriptions on latest.indicator = descriptions.indicator
    window
        level_whole as (partition by latest.indicator, latest.kind),
        level_ordered as (partition by latest.indicator, latest.kind order by latest.value),
        parent_whole as (partition by latest.indicator, latest.kind, latest.parent_id),
        parent_ordered as (
            partition by latest.indicator, latest.kind, latest.parent_id order by latest.value
        ),
        size_whole as (partition by latest.indicator, latest.kind, latest.size_class),
        size_ordered as (partition by latest.indicator, latest.kind, latest.size_class order by latest.value)

)

select
    indicator,
    territory_id,
    period,
    value,
    obs_status,
    rank_of(direction, level_below, level_up_to, level_count) as level_rank,
    level_count,
    percentile_of(level_below, level_up_to, level_count) as level_percentile,
    quartile_of(level_below, level_up_to, level_count) as level_quartile,
    level_median,
    value - level_median as level_median_distance,
    parent_id,
    rank_of(direction, parent_below, parent_up_to, parent_count) as parent_rank,
    parent_count,
    percentile_of(parent_below, parent_up_to, parent_count) as parent_percentile,
    quartile_of(parent_below, parent_up_to, parent_count) as parent_quartile,
    parent_median,
    value - parent_median as parent_median_distance,
    size_class,
    rank_of(direction, size_below, size_up_to, size_count) as size_rank,
    size_count,
    percentile_of(size_below, size_up_to, size_count) as size_percentile,
    quartile_of(size_below, size_up_to, size_count) as size_quartile,
    size_median,
    value - size_median as size_median_distance,
    value - value_year_before as change_1_year,
    value - value_five_years_before as change_5_years,
    nullif(start_period, period) as start_period,
    case
        when start_period < period then value - start_value
    end as change_since_start
from placed;
