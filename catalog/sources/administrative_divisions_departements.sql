-- One row per edition and département; overseas collectivities stand among them from 2022 on.
select
    cast(edition as integer) as edition,
    code as departement_code,
    nom as departement_name,
    region as region_code,
    coalesce(zone = 'com', false) as is_collectivity
from raw.administrative_divisions_departements
