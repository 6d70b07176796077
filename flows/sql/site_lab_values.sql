-- One row per indicator of a territory that has an innovation lab: its newest observation.
with

newest as (

    select
        observations.territory_id,
        observations.indicator,
        max(observations.period) as period
    from indicators.observations as observations
    where observations.territory_id in (select labs.territory_id from indicators.innovation_labs as labs)
    group by observations.territory_id, observations.indicator

)

select
    newest.territory_id,
    newest.indicator,
    newest.period,
    observations.value
from newest
inner join indicators.observations as observations
    on
        newest.territory_id = observations.territory_id
        and newest.indicator = observations.indicator
        and newest.period = observations.period
where observations.value is not null
order by newest.territory_id, newest.indicator
