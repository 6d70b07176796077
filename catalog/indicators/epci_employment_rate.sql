-- One row per epci of today; none where its former epcis had different values.
select
    epci_code,
    '2015' as period,
    case
        when count(distinct employment_rate_percent) = 1 then min(employment_rate_percent)
    end as value
from core.epci_conditions
group by epci_code
