-- One row per territory, activity, size and year.
select
    "Géographie" as territory_name, -- noqa: RF06
    "Niveau Géo" as territory_level,
    "Activité économique" as activity_name,
    "Taille en tranches d'effectifs" as size_class, -- noqa: RF05
    "Mesures de Flores" as measure_name,
    "Période" as reference_year, -- noqa: RF06
    valeur as measured_value
from raw.business_establishments
