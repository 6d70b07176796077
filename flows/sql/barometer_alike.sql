-- One row per barometer, level and profile of weights that orders no territory there (`same_as` is null), or
-- all of them as a profile does that comes before it in the alphabet.
with

overall as (

    select
        barometer,
        level,
        profile,
        list(round(score, 9) order by territory_id) as scores,
        count(score) as score_count
    from indicators.barometer_scores
    where theme = 'overall'
    group by barometer, level, profile

),

-- A level in which no profile has a score may have no row at all.
profiles as (

    select distinct
        levels.barometer,
        levels.level,
        profiles.profile
    from indicators.barometer_components as levels
    inner join indicators.barometer_profiles as profiles on levels.barometer = profiles.barometer

)

select
    profiles.barometer,
    profiles.level,
    profiles.profile,
    min(other.profile) as same_as
from profiles
left join overall
    on
        profiles.barometer = overall.barometer
        and profiles.level = overall.level
        and profiles.profile = overall.profile
        and overall.score_count > 0
left join overall as other
    on
        overall.barometer = other.barometer
        and overall.level = other.level
        and overall.profile > other.profile
        and overall.scores = other.scores
where overall.profile is null or other.profile is not null
group by profiles.barometer, profiles.level, profiles.profile
order by profiles.barometer, profiles.level, profiles.profile
