-- One row per territory and period of the indicator in the variable `indicator`: their positions in the
-- files of the API and among the periods of the indicator, the value as JSON,
-- and the letter of the status as a number.
select
    places.position,
    periods.period_number,
    api_number(round(observations.value, getvariable('decimals'))) as value,
    cast(ascii(observations.obs_status) as utinyint) as status,
    observations.coverage
from indicators.observations as observations
inner join api_places as places on observations.territory_id = places.territory_id
inner join api_periods as periods
    on observations.indicator = periods.indicator and observations.period = periods.period
where observations.indicator = getvariable('indicator')
