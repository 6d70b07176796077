-- One row per EPCI of 2018.
select
    epci2018 as epci_code,
    id_2 as doctor_access_consultations,
    id_4 as idle_youth_share_percent,
    id_6 as employment_rate_percent
from raw.epci_conditions
