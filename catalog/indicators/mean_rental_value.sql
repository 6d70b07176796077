-- One row per commune of today and tax year; none where former communes had different values.
select
    commune_code,
    tax_year as period,
    case when count(distinct mean_rental_value_eur) = 1 then min(mean_rental_value_eur) end as value
from core.local_tax
group by commune_code, tax_year
