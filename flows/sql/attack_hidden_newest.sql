-- One row per hidden observation of the newest period that its indicator has for a level.
with

placed as (

    select
        observations.*,
        territories.level,
        territories.code
    from observations
    inner join territories
        on observations.territory_id = territories.territory_id and territories.valid_to is null

),

newest as (

    select
        indicator,
        level,
        max(period) as period
    from placed
    group by indicator, level

)

select
    placed.indicator,
    placed.territory_id,
    placed.level,
    placed.code,
    placed.period
from placed
inner join newest
    on
        placed.indicator = newest.indicator
        and placed.level = newest.level
        and placed.period = newest.period
where placed.obs_status = 'Q'
order by placed.indicator, placed.territory_id
