-- One row per commune in the directory.
select
    commune_code,
    vintage as period,
    case when website_url is not null then 1 else 0 end as numerator,
    1 as denominator
from core.town_halls
