-- One row per edition and région; overseas collectivities stand among them from 2022 on.
select
    cast(edition as integer) as edition,
    code as region_code,
    nom as region_name,
    coalesce(zone = 'com', false) as is_collectivity
from raw.administrative_divisions_regions
