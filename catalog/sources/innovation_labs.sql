-- One row per lab that the texts name; the name is null where they do not give it.
select
    lab_name,
    kind,
    place,
    territory_level,
    territory_code,
    partner,
    as_of
from raw.innovation_labs
