-- One row per office of France services in April 2021.
select
    matricule as france_services_id,
    insee_com as commune_code,
    format_fs as office_format
from raw.france_services_2021
