-- One row per commune of today; none where its former communes had different values; hidden where
-- that of any of them is a secret.
select
    commune_code,
    '2015' as period,
    case
        when bool_and(poverty_rate_percent is not null) and count(distinct poverty_rate_percent) = 1
            then min(poverty_rate_percent)
    end as value,
    bool_or(is_poverty_rate_secret) as is_hidden
from core.income_poverty
group by commune_code
