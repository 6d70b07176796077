-- One row: of all cells the share that is empty, of the others the share that are numbers, in
-- percent; and up to a hundred of the values.
with

shares as (

    select
        avg(case when cell is null or cell = '' then 100 else 0 end) as empty_percent,
        avg(case when try_cast(replace(cell, ',', '.') as double) is null then 0 else 100 end)
        filter (where cell != '') as numeric_percent
    from cells

),

some_values as (

    select distinct cell
    from cells
    where cell is not null
    limit 100 -- noqa: AM09

)

select
    coalesce(shares.empty_percent, 0) as empty_percent,
    coalesce(shares.numeric_percent, 0) as numeric_percent,
    (select list(some_values.cell) from some_values) as some_values
from shares
