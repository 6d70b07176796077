-- One row per commune and year.
select
    commune_code,
    jobs_year as period,
    sum(employee_count * population_share) as numerator
from core.private_jobs
group by commune_code, jobs_year
