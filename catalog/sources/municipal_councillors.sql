-- One row per councillor. Function: MAI mayor, ADJ deputy mayor, MDA mayor of a delegated commune.
select
    code_commune as commune_code,
    sexe = 'F' as is_woman,
    cast(annee_naissance as integer) as birth_year,
    -- First level of the PCS: 1 farmers, 7 retired.
    cast(left(cast(profession as varchar), 1) as integer) as profession_group,
    coalesce(fonction = 'MAI', false) as is_mayor,
    coalesce(fonction = 'ADJ', false) as is_deputy_mayor
from raw.municipal_councillors
