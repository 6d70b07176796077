-- One row per survey, population, question and answer.
select
    survey_id,
    survey_year,
    theme,
    population,
    question,
    answer,
    cast(share_percent as decimal(5, 2)) as share_percent
from raw.innovation_surveys
