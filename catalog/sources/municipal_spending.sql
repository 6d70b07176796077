-- One row per commune, year and aggregate: operating and investment spending, in euros.
select
    exer as account_year,
    com_code as commune_code,
    agregat as aggregate_name,
    cast(montant as double) as amount_eur,
    cast(ptot as bigint) as total_population
from raw.municipal_spending
