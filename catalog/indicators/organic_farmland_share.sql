-- One row per région and year.
select
    region_code,
    measured_year as period,
    measured_value as value
from core.ecological_planning
where measure_number = 23 and measured_value is not null
