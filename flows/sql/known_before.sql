-- One row per indicator with values that are hidden, and that readers of an older release know.
with

numbered as (

    select
        indicator,
        territory_id || ' ' || period as cell,
        row_number() over (partition by indicator order by territory_id, period) as cell_number
    from parts.known_before

)

select
    indicator,
    count(*) as value_count,
    string_agg(cell, ', ' order by cell_number) filter (where cell_number <= 20)
    || case when count(*) > 20 then ' …' else '' end as cells
from numbered
group by indicator
order by indicator
