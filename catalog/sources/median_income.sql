-- One row per commune: its median standard of living, of a year that the file does not tell.
select
    codgeo as commune_code,
    revenu_median as median_income_eur
from raw.median_income
