-- One row per councillor. Function: MAI mayor, ADJ deputy mayor, MDA mayor of a delegated commune.
select
    code_commune as commune_code,
    sexe = 'F' as is_woman,
    cast(annee_naissance as integer) as birth_year,
    cast(profession as integer) as profession_code,
    cast(date_debut_mandat as date) as mandate_start_date,
    coalesce(fonction = 'MAI', false) as is_mayor,
    coalesce(fonction = 'ADJ', false) as is_deputy_mayor
from raw.municipal_councillors
