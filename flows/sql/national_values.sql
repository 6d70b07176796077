-- One row per indicator that has a national value, in its newest period.
select
    indicators.title_fr,
    indicators.title_en,
    max(observations.period) as period,
    arg_max(observations.value, observations.period) as value,
    indicators.decimals,
    indicators.unit_fr,
    arg_max(observations.coverage, observations.period) as coverage
from indicators.observations as observations
inner join indicators.indicators as indicators on observations.indicator = indicators.indicator
where observations.territory_id = 'FRA' and observations.value is not null
group by all
order by indicators.title_fr
