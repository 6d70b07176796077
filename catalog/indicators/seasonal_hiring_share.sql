-- One row per département, over the occupations and basins of which both numbers are known; hidden where a
-- star stands in all of them.
select
    departement_code,
    survey_year as period,
    sum(seasonal_count) filter (where hiring_project_count is not null) as numerator,
    sum(hiring_project_count) filter (where seasonal_count is not null) as denominator,
    bool_or(has_secret)
    and count(*) filter (where seasonal_count + hiring_project_count is not null) = 0 as is_hidden
from core.hiring_needs
group by departement_code, survey_year
