-- One row per territory, measure and class; a secret value is null, and said to be secret.
select
    "Géographie" as territory_name, -- noqa: RF06
    "Niveau Géo" as territory_level,
    "Tranche d'âge du référent fiscal" as age_class, -- noqa: RF05
    "Mesures filosofi" as measure_name,
    "Statut de confidentialité" like 'Confidentiel%' as is_secret, -- noqa: RF05
    "Statut de l'observation" as observation_status, -- noqa: RF05
    "Période" as reference_year, -- noqa: RF06
    valeur as measured_value
from raw.living_standards_by_age
