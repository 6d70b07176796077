-- One row per territory that has comparisons of the indicator in the variable `indicator`, with its position
-- in the files of the API, and every cell as JSON.
select
    places.position,
    coalesce(cast(comparisons.level_rank as varchar), 'null') as level_rank,
    api_number(comparisons.level_percentile) as level_percentile,
    coalesce(cast(comparisons.level_quartile as varchar), 'null') as level_quartile,
    coalesce(cast(comparisons.parent_rank as varchar), 'null') as parent_rank,
    coalesce(cast(comparisons.size_rank as varchar), 'null') as size_rank,
    coalesce('"' || comparisons.start_period || '"', 'null') as start_period,
    api_number(round(comparisons.change_since_start, getvariable('decimals'))) as change_since_start,
    api_number(round(comparisons.change_1_year, getvariable('decimals'))) as change_1_year,
    api_number(round(comparisons.change_5_years, getvariable('decimals'))) as change_5_years
from indicators.comparisons as comparisons
inner join api_places as places on comparisons.territory_id = places.territory_id
where comparisons.indicator = getvariable('indicator')
