-- One row per departement and year of its accounts.
select
    departement_code,
    account_year as period,
    sum(amount_eur) as numerator,
    max(total_population) as denominator
from core.departement_accounts
where aggregate_name = 'Encours de dette'
group by departement_code, account_year
