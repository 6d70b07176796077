-- One row per barometer, level, indicator and territory of which a value is known, at the newest period at
-- which enough territories have one; else at the newest of those at which the most have.
with

today as (

    select
        territory_id,
        level
    from indicators.territories
    where valid_to is null

),

territory_counts as (

    select
        level,
        count(*) as territory_count
    from today
    group by level

),

-- A plain count is divided by what its divisor is at the newest period.
divisors as (

    select
        observations.indicator,
        observations.territory_id,
        max_by(observations.value, observations.period) as value
    from indicators.observations as observations
    where
        observations.value > 0
        and observations.indicator in (select asked.divisor from parts.barometer_asked as asked)
    group by observations.indicator, observations.territory_id

),

known as (

    select
        asked.barometer,
        asked.level,
        asked.indicator,
        asked.min_share,
        observations.period,
        observations.territory_id,
        observations.value / case when asked.divisor is null then 1 else divisors.value end as value
    from parts.barometer_asked as asked
    inner join indicators.observations as observations on asked.indicator = observations.indicator
    inner join today
        on observations.territory_id = today.territory_id and asked.level = today.level
    left join divisors
        on
            asked.divisor = divisors.indicator
            and observations.territory_id = divisors.territory_id
    where observations.value is not null and (asked.divisor is null or divisors.value is not null)

),

periods as (

    select
        known.barometer,
        known.level,
        known.indicator,
        known.period,
        count(*) >= any_value(known.min_share * territory_counts.territory_count) as is_enough,
        count(*) as known_count
    from known
    inner join territory_counts on known.level = territory_counts.level
    group by known.barometer, known.level, known.indicator, known.period

),

chosen as (

    select *
    from periods
    qualify
        row_number() over (
            partition by barometer, level, indicator
            order by
                is_enough desc,
                case when is_enough then 0 else known_count end desc,
                period desc
        ) = 1

)

select
    known.barometer,
    known.level,
    known.indicator,
    known.period,
    known.territory_id,
    known.value
from known
inner join chosen
    on
        known.barometer = chosen.barometer
        and known.level = chosen.level
        and known.indicator = chosen.indicator
        and known.period = chosen.period
order by known.barometer, known.level, known.indicator, known.territory_id
