-- One row per occupation and labour basin in a département. A star is a secret, not a zero.
select
    annee as survey_year,
    "Code métier BMO" as occupation_code,
    case when length(dept) = 1 then '0' || dept else dept end as departement_code,
    be24 as basin_code,
    try_cast(met as integer) as hiring_project_count,
    try_cast(xmet as integer) as difficult_count,
    try_cast(smet as integer) as seasonal_count,
    '*' in (met, xmet, smet) as has_secret
from raw.hiring_needs
