-- One row per région and year.
select
    region_code,
    measured_year as period,
    measured_value as numerator
from core.ecological_planning
where measure_number = 611 and measured_value is not null
