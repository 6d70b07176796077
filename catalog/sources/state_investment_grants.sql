-- One row per project and grant (DETR, DSIL, DSID …) of 2019.
select
    id_projet as project_id,
    case
        when id_dep = '20A' then '2A'
        when length(id_dep) = 1 then '0' || id_dep
        else id_dep
    end as departement_code,
    dotation as grant_kind,
    echelon as beneficiary_level,
    categorie as project_category,
    cout_total as total_cost_eur,
    cast(montant_sub as double) as grant_eur
from raw.state_investment_grants
