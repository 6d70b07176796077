-- A hidden observation that the release before told; and one that it hid and that is told today.
select
    one.indicator,
    one.territory_id,
    one.period,
    other.value as told
from observations as one
inner join earlier.observations as other
    on
        one.indicator = other.indicator
        and one.territory_id = other.territory_id
        and one.period = other.period
where one.obs_status = 'Q' and other.value is not null

union all

select
    other.indicator,
    other.territory_id,
    other.period,
    one.value as told
from observations as one
inner join earlier.observations as other
    on
        one.indicator = other.indicator
        and one.territory_id = other.territory_id
        and one.period = other.period
where other.obs_status = 'Q' and one.value is not null
order by indicator, territory_id, period
