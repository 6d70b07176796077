-- One row per measure, région and year. The number of a measure is that of its file.
select
    edition as measure_number,
    region_code,
    cast(left(measured_on, 4) as integer) as measured_year,
    cast(value as double) as measured_value
from raw.ecological_planning
