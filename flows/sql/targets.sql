-- One row per target and territory: the way covered, the pace so far, and the pace that the rest asks for.
-- It reads what is disclosed only.

-- A period as years, at its end: 2026 is 2027.0, 2026-Q2 is 2026.5, 2026-03 is 2026.25.
create temp macro years_at_end_of(period) as
cast(left(period, 4) as integer) + case
    when period like '%-Q%' then cast(right(period, 1) as integer) / 4
    when length(period) = 7 then cast(right(period, 2) as integer) / 12
    else 1
end;

create table indicators.targets as
with

newest as (

    select
        targets.target,
        targets.indicator,
        targets.territory_id,
        max(observations.period) as current_period,
        arg_max(observations.value, observations.period) as current_value,
        arg_max(observations.obs_status, observations.period) as current_status
    from parts.targets as targets
    inner join indicators.observations as observations
        on
            targets.indicator = observations.indicator
            and targets.territory_id = observations.territory_id
            and observations.value is not null
    group by targets.target, targets.indicator, targets.territory_id

),

begun as (

    select
        targets.* exclude (initial_value, target_value),
        newest.current_period,
        newest.current_value,
        newest.current_status,
        coalesce(targets.initial_value, observed.value) as initial_value,
        case when targets.initial_value is null then observed.obs_status end as initial_status,
        coalesce(
            targets.target_value,
            coalesce(targets.initial_value, observed.value) * (100 + targets.change_percent) / 100
        ) as target_value,
        exists(
            select 1
            from parts.breaks as breaks
            where
                targets.indicator = breaks.indicator
                and breaks.period > targets.initial_period
                and breaks.period <= newest.current_period
        ) as is_broken
    from parts.targets as targets
    left join newest
        on
            targets.target = newest.target
            and targets.indicator = newest.indicator
            and targets.territory_id = newest.territory_id
    left join indicators.observations as observed
        on
            targets.indicator = observed.indicator
            and targets.territory_id = observed.territory_id
            and targets.initial_period = observed.period

),

-- In which direction the target lies, and how many years have gone and are left.
measured as (

    select
        begun.*,
        case
            when begun.target_value != begun.initial_value
                then sign(begun.target_value - begun.initial_value)
            when descriptions.direction = 'higher_is_better' then 1
            when descriptions.direction = 'lower_is_better' then -1
        end as way,
        years_at_end_of(begun.current_period) - years_at_end_of(begun.initial_period) as years_gone,
        years_at_end_of(begun.target_period) - years_at_end_of(begun.current_period) as years_left
    from begun
    inner join indicators.indicators as descriptions on begun.indicator = descriptions.indicator

),

paced as (

    select
        *,
        case
            when not is_broken and years_gone > 0 and target_value != initial_value
                then 100 * (current_value - initial_value) / (target_value - initial_value)
        end as progress_percent,
        case
            when not is_broken and years_gone > 0 then (current_value - initial_value) / years_gone
        end as pace_per_year,
        case when years_left > 0 then (target_value - current_value) / years_left end
            as required_pace_per_year
    from measured

)

select
    target,
    title_fr,
    title_en,
    reference,
    indicator,
    territory_id,
    initial_period,
    initial_value,
    initial_status,
    current_period,
    current_value,
    current_status,
    target_period,
    target_value,
    progress_percent,
    pace_per_year,
    required_pace_per_year,
    case
        when current_value is null or target_value is null or way is null then 'unknown'
        when way * (current_value - target_value) >= 0 then 'reached'
        when years_left <= 0 then 'missed'
        when is_broken then 'not_comparable'
        when pace_per_year is null then 'unknown'
        -- At least as far as a straight line from start to end; what only rounds away is no delay.
        when round(way * (pace_per_year - required_pace_per_year), 9) >= 0 then 'on_track'
        else 'behind'
    end as target_status
from paced;

drop macro years_at_end_of;
