-- One row per indicator and period, in order.
select
    indicator,
    period
from api_periods
order by indicator, period
