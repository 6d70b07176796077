-- One row per indicator and territory that has a whole page: its series, its newest period, and its place
-- among others there.
with

shown as (

    select territory_id
    from indicators.territories
    where
        valid_to is null
        and level in ('country', 'region', 'departement', 'epci', 'ept', 'collectivity', 'zone', 'user')

),

series as (

    select
        observations.territory_id,
        observations.indicator,
        array_agg(observations.period order by observations.period) as periods,
        array_agg(observations.value order by observations.period) as series,
        array_agg(observations.obs_status order by observations.period) as statuses,
        max(observations.period) as period,
        array_agg(observations.coverage order by observations.period) as coverages
    from indicators.observations as observations
    inner join shown on observations.territory_id = shown.territory_id
    group by observations.territory_id, observations.indicator

)

select
    series.territory_id,
    series.indicator,
    series.periods,
    series.series,
    series.statuses,
    series.period,
    series.series[-1] as value,
    series.statuses[-1] as obs_status,
    series.coverages[-1] as coverage,
    comparisons.level_rank,
    comparisons.level_count,
    comparisons.level_quartile,
    comparisons.level_percentile,
    comparisons.level_median
from series
left join indicators.comparisons as comparisons
    on
        series.territory_id = comparisons.territory_id
        and series.indicator = comparisons.indicator
        and series.period = comparisons.period
order by series.territory_id, series.indicator
