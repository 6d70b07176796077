-- One row per commune: consultations within reach per standardised resident and year.
select
    "Code commune INSEE" as commune_code,
    "APL aux médecins généralistes" as accessibility,
    "APL aux médecins généralistes de 65 ans et moins" as accessibility_up_to_65,
    "APL aux médecins généralistes de 62 ans et moins" as accessibility_up_to_62,
    "APL aux médecins généralistes de 60 ans et moins" as accessibility_up_to_60,
    "Population standardisée 2021 pour la médecine générale" as standardised_residents,
    "Population totale 2021" as residents
from raw.doctor_accessibility
