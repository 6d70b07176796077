-- One row per EPCI, year and aggregate of its accounts, in euros.
select
    exercice as account_year,
    "Code Siren 2024 EPCI" as epci_code,
    agrégat as aggregate_name, -- noqa: RF06
    cast(montant as double) as amount_eur,
    cast("Population totale" as bigint) as total_population,
    "Libellé Budget" as budget_name
from raw.epci_accounts
