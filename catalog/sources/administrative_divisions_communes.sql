-- One row per edition, kind and code: communes, delegated and associated communes, arrondissements.
select
    cast(edition as integer) as edition,
    code as commune_code,
    nom as commune_name,
    type as kind,
    arrondissement as arrondissement_code,
    coalesce(departement, collectiviteoutremer ->> 'code') as departement_code,
    coalesce(region, collectiviteoutremer ->> 'code') as region_code,
    collectiviteoutremer is not null or coalesce(zone = 'com', false) as is_collectivity,
    coalesce(cheflieu, commune) as parent_commune_code,
    population as inhabitants,
    cast(cast(ancienscodes as json) as varchar[]) as former_codes,
    cast(cast(codespostaux as json) as varchar[]) as postal_codes
from raw.administrative_divisions_communes
