-- One row per third place open in 2018 or 2019.
select
    id as third_place_id,
    inseecom as commune_code,
    typo = 'Tiers lieux à dominante fablab' as is_fablab
from raw.third_places
