-- One row per région, year and aggregate of its accounts, in euros.
select
    exercice as account_year,
    "Code Insee 2024 Région" as region_code,
    agrégat as aggregate_name, -- noqa: RF06
    cast(montant as double) as amount_eur,
    cast("Population totale" as bigint) as total_population,
    "Libellé Budget" as budget_name
from raw.region_accounts
