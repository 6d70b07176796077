-- One row per indicator and level at which it is given: its newest period with a value there, and statuses.
with

given as (

    select
        observations.indicator,
        territories.level,
        observations.period,
        count(*) as territories,
        count(observations.value) as with_value,
        count(*) filter (where observations.obs_status = 'E') as estimated,
        count(*) filter (where observations.obs_status = 'O') as missing,
        count(*) filter (where observations.obs_status = 'M') as not_applicable,
        count(*) filter (where observations.obs_status = 'Q') as hidden,
        median(observations.value) as median
    from indicators.observations as observations
    inner join indicators.territories as territories
        on observations.territory_id = territories.territory_id and territories.valid_to is null
    where territories.level in ('commune', 'epci', 'departement', 'region', 'country')
    group by observations.indicator, territories.level, observations.period

)

select *
from given
where with_value > 0
qualify row_number() over (partition by indicator, level order by period desc) = 1
order by indicator asc, territories desc
