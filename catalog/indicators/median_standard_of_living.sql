-- One row per commune of today; none where its former communes had different values; hidden where
-- that of any of them is a secret.
select
    commune_code,
    '2015' as period,
    case
        when bool_and(median_income_eur is not null) and count(distinct median_income_eur) = 1
            then min(median_income_eur)
    end as value,
    bool_or(is_median_income_secret) as is_hidden
from core.income_poverty
group by commune_code
