-- One row per commune and year of its accounts.
select
    commune_code,
    account_year as period,
    sum(amount_eur * population_share) as numerator,
    sum(total_population * population_share) as denominator
from core.municipal_spending
where aggregate_name = 'Dépenses de fonctionnement'
group by commune_code, account_year
