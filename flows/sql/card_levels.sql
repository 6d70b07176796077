-- One row per level at which the indicator is given, in its newest period with a value there.
with

newest as (

    select
        level,
        max(period) as period
    from today
    where value is not null
    group by level

)

select
    today.level,
    today.period,
    count(*) as territories,
    count(today.value) as with_value,
    count(*) filter (where today.obs_status = 'E') as estimated,
    count(*) filter (where today.obs_status = 'O') as missing,
    count(*) filter (where today.obs_status = 'M') as not_applicable,
    count(*) filter (where today.obs_status = 'Q') as hidden,
    median(today.value) as median
from today
inner join newest on today.level = newest.level and today.period = newest.period
group by today.level, today.period
order by territories desc, today.level asc
