-- One row per state of the history: the commune that it is, or that it lies in. A delegated or associated
-- commune lies in its pole, whose own pole may be another.
with recursive

poles as (

    select
        state_id,
        commune_code as pole_code
    from core.commune_history
    where kind = 'COM'

    union all

    select
        parts.state_id,
        poles.pole_code
    from core.commune_history as parts
    inner join poles on parts.pole_state_id = poles.state_id

)

select
    state_id,
    pole_code
from poles
