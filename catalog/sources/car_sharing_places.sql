-- One row per carpooling place.
select
    id_lieu as place_id,
    insee as commune_code,
    try_cast(nbre_pl as integer) as parking_space_count
from raw.car_sharing_places
