-- One row per commune id that stands for nothing today, with the id of today where it leads.
with recursive

today as (

    select territory_id
    from indicators.territories
    where valid_to is null

),

vanished as (

    select
        territory_id,
        max_by(name, valid_to) as name,
        max_by(successor_id, valid_to) as successor_id
    from indicators.territories
    where
        level = 'commune' and successor_id is not null
        and territory_id not in (select today.territory_id from today)
    group by territory_id

),

-- A successor may have vanished too. Ten steps are more than any commune took.
led as (

    select
        territory_id,
        name,
        successor_id,
        1 as step
    from vanished

    union all

    select
        led.territory_id,
        led.name,
        vanished.successor_id,
        led.step + 1 as step
    from led
    inner join vanished on led.successor_id = vanished.territory_id
    where led.step < 10

)

select
    led.territory_id,
    led.name,
    led.successor_id
from led
inner join today on led.successor_id = today.territory_id
order by led.territory_id
