-- secret_parts: one row per part of an indicator under secrecy in a period: its counts, the units behind
-- them, the largest of these, and the cell that is published of it.
-- secret_members: one row per territory that such an indicator is published for in a period, and part.
create or replace temp table secret_parts as
select
    parts.indicator,
    parts.period,
    parts.part_id,
    cast(parts.numerator as double) as numerator,
    case when rules.rollup != 'none' then cast(parts.denominator as double) end as denominator,
    cast(coalesce(parts.unit_count, parts.denominator, parts.numerator) as double) as unit_count,
    cast(coalesce(parts.largest, 0) as double) as largest,
    coalesce(observations.obs_status, '') as obs_status,
    coalesce(territories.population, 0) as population
from parts.observations as parts
inner join parts.rules as rules on parts.indicator = rules.indicator and rules.min_units is not null
left join indicators.observations as observations
    on
        parts.indicator = observations.indicator
        and parts.period = observations.period
        and parts.part_id = observations.territory_id
left join core.territories as territories
    on parts.part_id = territories.territory_id and territories.valid_to is null
where
    parts.numerator is not null
    and (parts.denominator is not null or parts.unit_count is not null or rules.rollup = 'sum');

-- numbered_parts: those of the indicator and period that two variables name, from 0 on, in order.
create or replace temp view numbered_parts as
select
    part_id,
    row_number() over (order by part_id) - 1 as part_number
from secret_parts
where indicator = getvariable('indicator') and period = getvariable('period');

create or replace temp table secret_territories as
select
    observations.indicator,
    observations.period,
    observations.territory_id
from indicators.observations as observations
inner join parts.rules as rules on observations.indicator = rules.indicator and rules.min_units is not null
where observations.obs_status != 'O';
