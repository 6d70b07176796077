-- One row per barometer, profile, level and choice of method.
select *
from indicators.barometer_sensitivity
order by barometer, profile, level, choice
