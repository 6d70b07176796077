-- One row per stretch of way.
select
    id_local as way_id,
    code_com_d as right_commune_code,
    ame_d as right_kind,
    statut_d as right_state,
    code_com_g as left_commune_code,
    ame_g as left_kind,
    statut_g as left_state,
    cast(d_service as integer) as in_service_since
from raw.cycle_ways
