-- Hidden: each observation of an indicator in a territory and period that stands in hidden_cells.
update indicators.observations as observations
set
    value = null,
    numerator = null,
    denominator = null,
    obs_status = 'Q',
    conf_status = 'C'
from hidden_cells
where
    observations.indicator = hidden_cells.indicator
    and observations.period = hidden_cells.period
    and observations.territory_id = hidden_cells.territory_id
    and observations.obs_status not in ('M', 'O');
