-- One row per target of a territory, in the order of the files of the API.
select
    places.file_number,
    targets.*
from indicators.targets as targets
inner join api_places as places on targets.territory_id = places.territory_id
order by places.position, targets.target, targets.indicator
