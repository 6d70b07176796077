-- One row per file of the API that tells of territories: their level, map, and positions.
select
    file_number,
    file,
    any_value(level) as level,
    any_value(vintage) as vintage,
    min(position) as first_position,
    max(position) + 1 as end_position
from api_places
group by file_number, file
order by file_number
