-- One row per period of the indicator in the territory that is explained, with how it stands there.
select
    period,
    value,
    obs_status
from today
where territory_id = getvariable('territory')
order by period
