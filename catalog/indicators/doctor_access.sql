-- One row per commune of today; none where its former communes had different values.
select
    commune_code,
    '2015' as period,
    case
        when count(distinct doctor_access_consultations) = 1 then min(doctor_access_consultations)
    end as value
from core.local_conditions
group by commune_code
