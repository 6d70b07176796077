-- One row per edition and arrondissement.
select
    cast(edition as integer) as edition,
    code as arrondissement_code,
    nom as arrondissement_name,
    departement as departement_code
from raw.administrative_divisions_arrondissements
