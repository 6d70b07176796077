-- One row per département and month of which the current value is known.
select
    departement_code,
    measured_month as period,
    max(coalesce(current_value, initial_value)) as numerator
from core.policy_results_by_departement
where measure_number = 311 and coalesce(current_value, initial_value) is not null
group by departement_code, measured_month
