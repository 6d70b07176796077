-- One row per commune of today; none where its former communes had different values.
select
    commune_code,
    '2017' as period,
    case
        when count(distinct presidential_turnout_percent) = 1 then min(presidential_turnout_percent)
    end as value
from core.local_conditions
group by commune_code
