-- One row per indicator of the release, by theme and name.
select *
from indicators.indicators
order by theme, indicator
