-- One row per level and indicator, with its newest period there.
select distinct
    level,
    indicator,
    period
from latest
order by level, indicator
