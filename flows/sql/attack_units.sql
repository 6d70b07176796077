-- One row per cell that was found: the units behind it, the largest of these, and its number.
select
    found.indicator,
    found.territory_id,
    found.period,
    cast(sum(coalesce(parts.unit_count, parts.denominator, parts.numerator)) as double) as units,
    cast(coalesce(max(parts.largest), 0) as double) as largest,
    cast(sum(parts.numerator) as double) as total
from found
inner join home.core.memberships as memberships on found.territory_id = memberships.territory_id
inner join home.parts.observations as parts
    on
        memberships.part_id = parts.part_id
        and found.indicator = parts.indicator
        and found.period = parts.period
group by found.indicator, found.territory_id, found.period
order by found.indicator, found.territory_id, found.period
