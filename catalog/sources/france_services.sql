-- One row per office or branch of France services on 1 August 2024.
select
    id_fs as france_services_id,
    insee_com as commune_code,
    type_fs = 'Antenne' as is_branch,
    format_fs in ('Bus_équivalent', 'Itinérante') as is_mobile
from raw.france_services
