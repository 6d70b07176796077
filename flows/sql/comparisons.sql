-- One row per indicator and territory of today with a value in the newest period that the indicator has
-- for its kind of territory. It reads what is disclosed: what is hidden has no row, and counts nowhere.
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

groups as (

    select
        'level' as among,
        indicator,
        territory_id,
        kind,
        kind as group_id,
        value
    from latest

    union all

    select
        'parent' as among,
        indicator,
        territory_id,
        kind,
        parent_id as group_id,
        value
    from latest
    where parent_id is not null

    union all

    select
        'size' as among,
        indicator,
        territory_id,
        kind,
        size_class as group_id,
        value
    from latest
    where size_class is not null

),

counted as (

    select
        *,
        count(*) over (partition by among, indicator, kind, group_id) as group_count,
        rank() over (partition by among, indicator, kind, group_id order by value) - 1 as below,
        -- With those of the same value.
        count(*) over (
            partition by among, indicator, kind, group_id order by value
            range between unbounded preceding and current row
        ) as up_to
    from groups

),

medians as (

    select
        among,
        indicator,
        kind,
        group_id,
        median(value) as group_median
    from groups
    group by among, indicator, kind, group_id

),

placed as (

    select
        counted.among,
        counted.indicator,
        counted.territory_id,
        counted.group_count,
        medians.group_median,
        case
            when descriptions.direction = 'lower_is_better' then counted.below + 1
            else counted.group_count - counted.up_to + 1
        end as group_rank,
        -- Those below, and half of those that have the same value.
        round(50 * (counted.below + counted.up_to) / counted.group_count, 2) as percentile,
        case
            when counted.group_count >= 4
                then cast(
                    greatest(ceil(2 * (counted.below + counted.up_to) / counted.group_count), 1) as integer
                )
        end as quartile
    from counted
    inner join medians
        on
            counted.among = medians.among
            and counted.indicator = medians.indicator
            and counted.kind = medians.kind
            and counted.group_id = medians.group_id
    inner join indicators.indicators as descriptions on counted.indicator = descriptions.indicator

)

select
    latest.indicator,
    latest.territory_id,
    latest.period,
    latest.value,
    latest.obs_status,
    by_level.group_rank as level_rank,
    by_level.group_count as level_count,
    by_level.percentile as level_percentile,
    by_level.quartile as level_quartile,
    by_level.group_median as level_median,
    latest.value - by_level.group_median as level_median_distance,
    latest.parent_id,
    by_parent.group_rank as parent_rank,
    by_parent.group_count as parent_count,
    by_parent.percentile as parent_percentile,
    by_parent.quartile as parent_quartile,
    by_parent.group_median as parent_median,
    latest.value - by_parent.group_median as parent_median_distance,
    latest.size_class,
    by_size.group_rank as size_rank,
    by_size.group_count as size_count,
    by_size.percentile as size_percentile,
    by_size.quartile as size_quartile,
    by_size.group_median as size_median,
    latest.value - by_size.group_median as size_median_distance,
    latest.value - latest.value_year_before as change_1_year,
    latest.value - latest.value_five_years_before as change_5_years,
    nullif(latest.start_period, latest.period) as start_period,
    case
        when latest.start_period < latest.period then latest.value - latest.start_value
    end as change_since_start
from latest
inner join placed as by_level
    on
        latest.indicator = by_level.indicator
        and latest.territory_id = by_level.territory_id
        and by_level.among = 'level'
left join placed as by_parent
    on
        latest.indicator = by_parent.indicator
        and latest.territory_id = by_parent.territory_id
        and by_parent.among = 'parent'
left join placed as by_size
    on
        latest.indicator = by_size.indicator
        and latest.territory_id = by_size.territory_id
        and by_size.among = 'size';
