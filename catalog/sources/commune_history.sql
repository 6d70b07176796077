-- One row per state of a commune: its code and name between two events, its successor afterwards.
select
    id as state_id,
    code as commune_code,
    nom as commune_name,
    type as kind,
    datedebut as start_date,
    datefin as end_date,
    raisonfin as end_reason,
    predecesseur as predecessor_state_id,
    successeur as successor_state_id,
    pole as pole_state_id
from raw.commune_history
