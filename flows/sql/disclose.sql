-- Hidden: an observation on fewer units than its indicator's rule allows. None at all is not hidden.
update indicators.observations as observations
set
    value = null,
    numerator = null,
    denominator = null,
    obs_status = 'Q',
    conf_status = 'C'
from parts.rules as rules
where
    observations.indicator = rules.indicator
    and observations.denominator > 0
    and observations.denominator < rules.min_units;
