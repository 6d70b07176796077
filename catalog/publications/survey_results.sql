-- One row per survey, population, question and answer.
select
    survey_id,
    survey_year,
    theme,
    population,
    question,
    answer,
    share_percent
from core.innovation_surveys
