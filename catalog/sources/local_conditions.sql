-- One row per commune of 2018. What each column means stands in the publisher's workbook of labels.
select
    codgeo as commune_code,
    id_1 as long_commute_share_percent,
    id_2 as doctor_access_consultations,
    id_3 as fast_broadband_share_percent,
    id_4 as idle_youth_share_percent,
    id_5 as cinema_access_minutes,
    id_6 as employment_rate_percent,
    id_7 as vacant_dwellings_share_percent,
    id_8 as presidential_turnout_percent,
    id_9 as median_income_eur
from raw.local_conditions
