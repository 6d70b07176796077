-- One row per source: the editions that were used, and the date of the newest file.
select
    source,
    case
        when count(edition) = 0 then max(modified)
        else string_agg(cast(edition as varchar), ', ' order by edition) || ' (' || max(modified) || ')'
    end as vintage
from parts.files_used
group by source
order by source
