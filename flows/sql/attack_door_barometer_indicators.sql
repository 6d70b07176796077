-- A hidden observation from which a score is computed: its territory has no value in any period.
select
    observations.indicator,
    observations.territory_id,
    max(observations.period) as period,
    min(scored.normalised_value) as told
from observations
inner join barometer_indicators as scored
    on
        observations.indicator = scored.indicator
        and observations.territory_id = scored.territory_id
where not scored.is_imputed and scored.normalised_value is not null
group by observations.indicator, observations.territory_id
having count(observations.value) = 0 and bool_or(observations.obs_status = 'Q')
order by observations.indicator, observations.territory_id
