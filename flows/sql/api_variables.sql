-- One row per level: the variables that say which territories are alike, in the order of their positions.
select
    level,
    list(indicator order by indicator) as indicators
from indicators.similarity_variables
group by level
order by level
