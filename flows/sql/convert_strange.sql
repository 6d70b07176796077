-- One row per code and vintage of `published` that the map of that year does not have.
-- is_lost: no commune of the target map is known for it.
with

told as (

    select
        code,
        vintage,
        count(*) as row_count
    from published
    group by code, vintage

),

known as (

    select
        told.code,
        told.vintage,
        bool_or(successors.is_on_map) as is_on_map
    from told
    inner join target_successors as successors
        on
            told.code = successors.former_code
            and told.vintage between successors.first_vintage and successors.last_vintage
    group by told.code, told.vintage

)

select
    told.code,
    told.vintage,
    told.row_count,
    known.code is null as is_lost
from told
left join known on told.code = known.code and told.vintage is not distinct from known.vintage
where not coalesce(known.is_on_map, false)
