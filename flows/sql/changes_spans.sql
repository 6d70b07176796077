-- One row per indicator and level of one of two releases, that the other has not; or period, likewise.
with

before as (

    select distinct
        observations.indicator,
        territories.level,
        observations.period
    from before_changed as observations
    inner join before_territories as territories on observations.territory_id = territories.territory_id

),

after as (

    select distinct
        observations.indicator,
        territories.level,
        observations.period
    from after_changed as observations
    inner join after_territories as territories on observations.territory_id = territories.territory_id

),

gone as (

    select distinct
        'removed' as change,
        indicator,
        'level' as kind,
        level as named
    from before anti join after using (indicator, level) -- noqa: disable=all
    union all
    select distinct 'removed', indicator, 'period', period
    from before anti join after using (indicator, period)
    union all
    select distinct 'added', indicator, 'level', level
    from after anti join before using (indicator, level)
    union all
    select distinct 'added', indicator, 'period', period
    from after anti join before using (indicator, period)

)

select change, indicator, kind, named
from gone
order by indicator, kind, change, named
