-- One row per lab that the texts name; the name is null where they do not give it.
select
    territory_level || '-' || territory_code as territory_id,
    lab_name,
    kind,
    place,
    partner,
    as_of
from core.innovation_labs
