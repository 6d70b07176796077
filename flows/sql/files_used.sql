-- One row per file of a publisher that the warehouse was made from.
select
    source,
    edition,
    file,
    sha256,
    modified,
    row_count,
    rejected_rows,
    valid,
    rejects
from parts.files_used
order by source, edition nulls first, file
