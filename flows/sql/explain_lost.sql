-- One row per table of core and year of its map: rows that reached no territory of today.
select
    source,
    vintage,
    total_before as row_count,
    lost as lost_rows
from core.join_reports
where measure = 'rows'
order by source, vintage
