-- One row per commune of 2016 in Filosofi; what the statistical secret hides is null.
select
    codgeo as commune_code,
    nbmenfisc15 as tax_household_count,
    nbpersmenfisc15 as tax_household_person_count,
    med15 as median_income_eur,
    med15_is_secret as is_median_income_secret,
    tp6015 as poverty_rate_percent,
    tp6015_is_secret as is_poverty_rate_secret,
    pimp15 as taxed_household_share_percent,
    rd15 as interdecile_ratio
from raw.income_poverty
