-- One row per commune of today of which the score is known and the same in all its parts.
select
    commune_code,
    '2016' as period,
    case when count(distinct skills_score) = 1 then min(skills_score) end as value
from core.digital_fragility_by_commune
group by commune_code
