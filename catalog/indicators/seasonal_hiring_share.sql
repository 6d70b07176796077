-- One row per département, over the occupations and basins of which both numbers are known.
select
    departement_code,
    survey_year as period,
    sum(seasonal_count) as numerator,
    sum(hiring_project_count) as denominator
from core.hiring_needs
where seasonal_count is not null and hiring_project_count is not null
group by departement_code, survey_year
