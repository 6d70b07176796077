-- One row per host organisation, with the positions that the State finances there, in 2022.
select
    id as host_id,
    insee_com as commune_code,
    nb_cnfs as adviser_count,
    type = 'publique' as is_public
from raw.digital_advisers
