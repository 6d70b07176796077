-- One row per indicator and period of which something is hidden.
select distinct
    indicator,
    period
from observations
where obs_status = 'Q'
order by period, indicator
