-- One row per valid row of a file of the territory explained, or of a part of it.
with

codes_here as (

    select distinct codes.code
    from codes
    inner join core.memberships as memberships on codes.part_id = memberships.part_id
    where memberships.territory_id = getvariable('territory')

)

select cells.file_row_number
from cells
inner join codes_here on cells.code = codes_here.code
-- Where no row begins with the period, it is told in another way: then all rows are given.
where
    cells.is_of_period or not exists (
        from cells
        where is_of_period
    )
order by cells.file_row_number
