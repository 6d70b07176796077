-- A hidden observation whose number, or one beside it, stands in the file of `told`.
select
    observations.indicator,
    observations.territory_id,
    observations.period,
    cast(told.number as double) as told
from observations
inner join told
    on
        observations.indicator = told.indicator
        and observations.territory_id = told.territory_id
        and observations.period = told.period
where observations.obs_status = 'Q' and told.number is not null
order by observations.indicator, observations.territory_id, observations.period
