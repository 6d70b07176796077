-- One row per commune code that no map knows, the most frequent first.
select
    coalesce(published_commune_code, '') as code,
    count(*) as row_count
from harmonised
where commune_code is null
group by code
order by row_count desc, code asc
