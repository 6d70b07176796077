-- One row per innovation lab that the texts name.
select
    labs.territory_id,
    labs.lab_name,
    labs.kind,
    labs.place,
    labs.partner,
    labs.as_of
from indicators.innovation_labs as labs
order by labs.place, labs.lab_name, labs.kind
