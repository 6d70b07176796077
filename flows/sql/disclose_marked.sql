-- Hidden by its source: the observation of a part that the publisher marks as secret.
update indicators.observations as observations
set
    obs_status = 'Q',
    conf_status = 'C'
from parts.observations as parts
where
    parts.is_hidden
    and observations.indicator = parts.indicator
    and observations.period = parts.period
    and observations.territory_id = parts.part_id
    and observations.obs_status = 'O';
