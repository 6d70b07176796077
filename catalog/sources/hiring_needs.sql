-- One row per occupation and labour basin in a département. A star is a secret, not a zero.
select
    annee as survey_year,
    "Code métier BMO" as occupation_code,
    case when length(dept) = 1 then '0' || dept else dept end as departement_code,
    be24 as basin_code,
    cast(met as integer) as hiring_project_count,
    cast(xmet as integer) as difficult_count,
    cast(smet as integer) as seasonal_count,
    met_is_secret or xmet_is_secret or smet_is_secret as has_secret
from raw.hiring_needs
