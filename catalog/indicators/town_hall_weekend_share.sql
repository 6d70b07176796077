-- One row per commune whose town hall gives its hours.
select
    hours.commune_code,
    town_halls.vintage as period,
    case when hours.is_open_at_weekend then 1 else 0 end as numerator,
    1 as denominator
from core.town_hall_hours as hours
inner join core.town_halls as town_halls on hours.commune_code = town_halls.commune_code
