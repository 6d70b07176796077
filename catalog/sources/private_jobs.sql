-- One row per commune and year: employees of the private sector at the end of the year.
select
    code as commune_code,
    year as jobs_year,
    cast(eff_total as bigint) as employee_count
from raw.private_jobs
where echelon = 'communes'
