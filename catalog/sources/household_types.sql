-- One row per territory, type of household and year; other dimensions are totals or not.
select
    "Géographie" as territory_name, -- noqa: RF06
    "Niveau Géo" as territory_level,
    "Type de ménage et nombre d'enfants" as household_type, -- noqa: RF05
    "Période" as census_year, -- noqa: RF06
    valeur as measured_value
from raw.household_types
