-- One row per indicator, with the first and last period that it has a value for somewhere.
create table indicators.indicators as
with

spans as (

    select
        indicator,
        min(period) as first_period,
        max(period) as last_period
    from indicators.observations
    where value is not null
    group by indicator

)

select
    descriptions.*,
    spans.first_period,
    spans.last_period
from parts.descriptions as descriptions
left join spans on descriptions.indicator = spans.indicator;
