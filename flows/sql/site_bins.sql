-- One row per indicator and class of equal width of its values, at the finest level that has ten or more:
-- how many territories are in it. The classes go from the 1st to the 99th percentile; the ends hold what is
-- beyond.
with

newest as (

    select
        indicator,
        case split_part(territory_id, '-', 1)
            when 'COM' then 'commune' when 'EPCI' then 'epci' when 'DEP' then 'departement' else 'region'
        end as level,
        value
    from indicators.comparisons
    where split_part(territory_id, '-', 1) in ('COM', 'EPCI', 'DEP', 'REG')

),

edges as (

    select
        indicator,
        level,
        quantile_cont(value, 0.01) as low,
        quantile_cont(value, 0.99) as high,
        count(*) as territory_count
    from newest
    group by indicator, level
    having count(*) >= 10 and low < high
    qualify row_number() over (partition by indicator order by territory_count desc, level asc) = 1

)

select
    edges.indicator,
    edges.level,
    cast(least(greatest(floor(20 * (newest.value - edges.low) / (edges.high - edges.low)), 0), 19) as integer)
        as bin,
    any_value(edges.low) as low,
    any_value(edges.high) as high,
    count(*) as territory_count
from newest
inner join edges on newest.indicator = edges.indicator and newest.level = edges.level
group by edges.indicator, edges.level, bin
order by edges.indicator, bin
