-- One row per commune of today and tax year; none where former communes had different rates.
select
    commune_code,
    tax_year as period,
    case when count(distinct commune_rate + epci_rate) = 1 then 100 * min(commune_rate + epci_rate) end
        as value
from core.local_tax
group by commune_code, tax_year
