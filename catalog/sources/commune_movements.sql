-- One row per event, and commune before and after it. 32: creation of a new commune.
select
    mod as event_type,
    date_eff as event_date,
    typecom_av as kind_before,
    com_av as code_before,
    typecom_ap as kind_after,
    com_ap as code_after
from raw.commune_movements
