-- One row per dataset of indicators that has a value: its first and its last period.
select
    dataset,
    min(first_period) as first_period,
    max(last_period) as last_period
from indicators.indicators
where first_period is not null
group by dataset
order by dataset;
