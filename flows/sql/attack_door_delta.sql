-- A hidden observation of which the list of what has changed tells a value, old or new.
select
    delta.indicator,
    delta.territory_id,
    delta.period,
    coalesce(delta.new_value, delta.old_value) as told
from delta
inner join observations
    on
        delta.indicator = observations.indicator
        and delta.territory_id = observations.territory_id
        and cast(delta.period as varchar) = observations.period
where observations.obs_status = 'Q' and coalesce(delta.new_value, delta.old_value) is not null
order by delta.indicator, delta.territory_id, delta.period
