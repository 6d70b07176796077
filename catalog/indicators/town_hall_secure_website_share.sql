-- One row per commune in the directory; one without a website counts zero of zero.
select
    commune_code,
    vintage as period,
    case when starts_with(lower(website_url), 'https://') then 1 else 0 end as numerator,
    case when website_url is not null then 1 else 0 end as denominator
from core.town_halls
