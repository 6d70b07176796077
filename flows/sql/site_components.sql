-- One row per barometer, level and indicator that the level uses.
select *
from indicators.barometer_components
where use = 'used'
order by barometer, level, theme, indicator
