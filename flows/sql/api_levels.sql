-- One row per indicator and territory of every level but the communes, in the newest period of which the
-- level has a value, with its rank.
select
    newest.indicator,
    newest.level,
    newest.period,
    newest.territory_id,
    round(newest.value, newest.decimals) as value,
    newest.obs_status,
    newest.coverage,
    comparisons.level_rank
from api_newest as newest
left join indicators.comparisons as comparisons
    on newest.indicator = comparisons.indicator and newest.territory_id = comparisons.territory_id
where newest.level <> 'commune'
order by newest.indicator, newest.level, newest.territory_id
