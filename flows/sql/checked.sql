-- One row per observation, with what its status promises: no value means M, O or Q, and the reverse.
select
    indicator,
    territory_id,
    period,
    value,
    coverage,
    obs_status,
    conf_status,
    (value is null) = (obs_status in ('M', 'O', 'Q'))
    and (conf_status = 'C') = (obs_status = 'Q') as is_consistent
from indicators.observations
