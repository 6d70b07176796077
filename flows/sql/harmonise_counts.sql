-- One row: how many rows there were, and how many of them merged or split on the way.
select
    (select count(*) from published) as row_count,
    count(*) filter (where geography_method = 'merged') as merged_rows,
    count(*) filter (where population_share < 1) as split_rows
from harmonised
