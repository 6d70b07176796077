-- One row per indicator, commune of the publisher's map, period and year of that map.
create table indicators.observations_as_published as
select
    given.indicator,
    given.territory_id,
    given.period,
    given.vintage,
    given.value,
    given.numerator,
    given.denominator,
    case when given.value is null then 0 else 1 end as coverage,
    case
        when given.denominator = 0 then 'M'
        when given.value is null and given.is_hidden then 'Q'
        when given.value is null then 'O'
        when breaks.period is not null then 'B'
        when given.estimation = 'provisional' or provisional.period is not null then 'P'
        when given.estimation is not null then 'E'
        else 'A'
    end as obs_status,
    case when obs_status = 'Q' then 'C' else 'F' end as conf_status
from given
left join parts.breaks as breaks on given.indicator = breaks.indicator and given.period = breaks.period
left join parts.provisional as provisional
    on given.indicator = provisional.indicator and given.period = provisional.period;
