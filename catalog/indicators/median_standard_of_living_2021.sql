-- One row per commune of today; none where its former communes had different values.
select
    commune_code,
    '2021' as period,
    case
        when count(distinct median_income_eur) = 1 then min(median_income_eur)
    end as value
from core.median_income
group by commune_code
