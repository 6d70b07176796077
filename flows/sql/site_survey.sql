-- One row per answer to a question of a survey, the newest survey first.
select
    survey_id,
    survey_year,
    theme,
    population,
    question,
    answer,
    cast(share_percent as double) as share_percent
from indicators.survey_results
order by survey_year desc, theme asc, question asc, share_percent desc, answer asc, population asc
