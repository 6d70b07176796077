-- One row per région and year.
select
    region_code,
    measured_year as period,
    measured_value / 1000000 as numerator
from core.ecological_planning
where measure_number = 638 and measured_value is not null
