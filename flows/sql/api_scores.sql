-- One row per score of a territory in a barometer, in the order of the files of the API.
select
    places.file_number,
    scores.barometer,
    scores.profile,
    scores.theme,
    scores.score,
    scores.rank,
    scores.rank_low,
    scores.rank_high,
    scores.ranked_count,
    scores.coverage
from indicators.barometer_scores as scores
inner join api_places as places on scores.territory_id = places.territory_id
order by places.position, scores.barometer, scores.profile, scores.theme
