-- One row per commune by its name in its département; scores are 100 at the mean of the région.
select
    case when length(dep) = 1 then '0' || dep else dep end as departement_code,
    nom_commune as commune_name,
    score_acces_interface_numerique_region as access_score,
    score_competence_administratives_region as skills_score
from raw.digital_fragility
