-- One row per region and year of its accounts.
select
    region_code,
    account_year as period,
    sum(amount_eur) as numerator,
    max(total_population) as denominator
from core.region_accounts
where aggregate_name = 'Encours de dette'
group by region_code, account_year
