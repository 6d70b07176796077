-- One row per commune, year and use of the land.
select
    left(date_mesure, 4) as measured_year,
    geocode_commune as commune_code,
    secteur as land_use,
    valeur as land_taken_ha
from raw.artificialised_land
