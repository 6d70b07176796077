-- One row per commune of today; none where its former communes had different values.
select
    commune_code,
    '2015' as period,
    case
        when count(distinct poverty_rate_percent) = 1 then min(poverty_rate_percent)
    end as value
from core.income_poverty
group by commune_code
