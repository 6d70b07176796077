-- One row per commune and year of which the count of five years before is known too.
with

counted as (

    select
        commune_code,
        jobs_year,
        sum(employee_count * population_share) as employee_count
    from core.private_jobs
    group by commune_code, jobs_year

)

select
    newer.commune_code,
    newer.jobs_year as period,
    newer.employee_count - older.employee_count as numerator,
    older.employee_count as denominator
from counted as newer
inner join counted as older
    on newer.commune_code = older.commune_code and newer.jobs_year = older.jobs_year + 5
