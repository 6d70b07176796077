-- One row per charging point.
select
    id_pdc_itinerance as charging_point_id,
    code_insee_commune as commune_code,
    puissance_nominale as power_kw
from raw.charging_points
