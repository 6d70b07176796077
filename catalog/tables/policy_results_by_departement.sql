-- One row per measure, département and date.
select
    results.measure_number,
    results.zone_code as departement_code,
    results.measured_on,
    strftime(results.measured_on, '%Y-%m') as measured_month,
    results.initial_value,
    results.current_value,
    results.target_value
from core.policy_results as results
where results.zone_level = 'DEPT'
