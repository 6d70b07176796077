-- Targets of indicators and territories that are not published.
select
    targets.target,
    targets.indicator,
    targets.territory_id
from parts.targets as targets
left join indicators.indicators as descriptions on targets.indicator = descriptions.indicator
left join indicators.territories as territories
    on targets.territory_id = territories.territory_id and territories.valid_to is null
where descriptions.indicator is null or territories.territory_id is null
order by all
limit 1;
