-- One row per territory, profile of weights and theme of a barometer, the whole (`overall`) first.
select
    barometer,
    profile,
    level,
    territory_id,
    theme,
    score,
    rank,
    rank_low,
    rank_high,
    ranked_count
from indicators.barometer_scores
order by barometer, profile, territory_id, theme <> 'overall', theme
