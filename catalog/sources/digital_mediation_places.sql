-- One row per place of digital mediation.
select
    id as place_id,
    code_insee as commune_code
from raw.digital_mediation_places
