-- A hidden observation whose commune has a number on the publisher's own map; communes that have merged
-- since tell that of their successor, if all of them have one.
with

hidden as (

    select
        indicator,
        territory_id,
        period
    from observations
    where obs_status = 'Q'

),

given as (

    select
        given.indicator,
        coalesce(gone.successor_id, given.territory_id) as territory_id,
        given.period,
        given.vintage,
        given.value,
        given.numerator
    from observations_as_published as given
    left join territories as gone
        on
            given.territory_id = gone.territory_id
            and gone.valid_to is not null
            and year(gone.valid_to) > given.vintage
            and year(gone.valid_from) <= given.vintage

)

select
    hidden.indicator,
    hidden.territory_id,
    hidden.period,
    coalesce(sum(given.numerator), min(given.value)) as told
from hidden
inner join given
    on
        hidden.indicator = given.indicator
        and hidden.territory_id = given.territory_id
        and hidden.period = given.period
group by hidden.indicator, hidden.territory_id, hidden.period, given.vintage
having bool_and(coalesce(given.numerator, given.value) is not null)
order by hidden.indicator, hidden.territory_id, hidden.period
