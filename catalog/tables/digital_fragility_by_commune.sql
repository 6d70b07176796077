-- One row per commune that one name in its département means alone; the others are lost and told.
with

names as (

    select
        case
            when left(commune_code, 2) = '97' then left(commune_code, 3)
            else left(commune_code, 2)
        end as departement_code,
        lower(commune_name) as commune_name,
        min(commune_code) as commune_code
    from core.commune_names
    group by all
    having count(distinct commune_code) = 1

)

select
    coalesce(names.commune_code, scores.departement_code || ' ' || scores.commune_name) as commune_code,
    scores.access_score,
    scores.skills_score
from core.digital_fragility as scores
left join names
    on
        scores.departement_code = names.departement_code
        and lower(scores.commune_name) = names.commune_name
