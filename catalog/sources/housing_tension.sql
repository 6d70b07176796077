-- One row per commune of 2024: its zone since 5 July 2024, and whether it changed that day.
select
    codgeo as commune_code,
    "Zone en vigueur depuis le 5 juillet 2024" as zone_code,
    "Reclassement juillet 2024" = 'Oui' as is_reclassified
from raw.housing_tension
