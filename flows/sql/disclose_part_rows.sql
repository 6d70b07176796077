-- The rows of secret_parts of one indicator and period.
select
    part_id,
    numerator,
    denominator,
    unit_count,
    largest,
    obs_status,
    population
from secret_parts
where indicator = getvariable('indicator') and period = getvariable('period')
order by part_id
