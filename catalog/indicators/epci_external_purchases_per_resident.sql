-- One row per epci and year of its accounts.
select
    epci_code,
    account_year as period,
    sum(amount_eur) as numerator,
    max(total_population) as denominator
from core.epci_accounts
where aggregate_name = 'Achats et charges externes'
group by epci_code, account_year
