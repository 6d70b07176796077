-- One row per indicator, file of the API and group that territories of the file are compared in: the
-- period, how many have a value, and their median.
with

told as (

    select
        comparisons.*,
        places.file_number,
        indicators.decimals + 2 as decimals
    from indicators.comparisons as comparisons
    inner join api_places as places on comparisons.territory_id = places.territory_id
    inner join indicators.indicators as indicators on comparisons.indicator = indicators.indicator

)

select distinct
    indicator,
    file_number,
    'level' as kind,
    period as group_id,
    level_count as group_count,
    round(level_median, decimals) as group_median
from told

union all

select distinct
    indicator,
    file_number,
    'parents' as kind,
    parent_id as group_id,
    parent_count as group_count,
    round(parent_median, decimals) as group_median
from told
where parent_id is not null

union all

select distinct
    indicator,
    file_number,
    'sizes' as kind,
    size_class as group_id,
    size_count as group_count,
    round(size_median, decimals) as group_median
from told
where size_class is not null
order by indicator, file_number, kind, group_id
