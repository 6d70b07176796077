-- One row per profession, year and département: persons of all ages and both sexes.
select
    annee as reference_year,
    profession_sante as profession_name,
    departement as departement_code,
    effectif as professional_count
from raw.health_professionals
where classe_age = 'tout_age' and libelle_sexe = 'tout sexe' and departement != '999'
