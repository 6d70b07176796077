-- One row per commune of today; none where its former communes had different values.
select
    commune_code,
    '2015' as period,
    case
        when count(distinct idle_youth_share_percent) = 1 then min(idle_youth_share_percent)
    end as value
from core.local_conditions
group by commune_code
