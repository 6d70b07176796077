-- One row per indicator that has changed: how many observations, and why.
select
    indicator,
    count(*) filter (change = 'added') as added,
    count(*) filter (change = 'modified') as modified,
    count(*) filter (change = 'deleted') as deleted,
    list_sort(list_distinct(flatten(list(distinct string_split(reasons, ';'))))) as reasons
from delta
group by indicator
order by indicator
