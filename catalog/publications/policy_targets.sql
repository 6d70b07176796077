-- One row per measure and département: where it began, where it is, where it should be and when.
select
    results.measure_number,
    measures.measure_name as measure_name_fr,
    'DEP-' || results.departement_code as territory_id,
    arg_min(results.initial_value, results.measured_on) as initial_value,
    arg_max(results.current_value, results.measured_on) as current_value,
    max(case when results.current_value is not null then results.measured_on end) as current_on,
    arg_max(results.target_value, results.measured_on) as target_value,
    max(case when results.target_value is not null then results.measured_on end) as target_on
from core.policy_results_by_departement as results
left join core.policy_measures as measures
    on 'IND-' || results.measure_number = measures.measure_id
group by results.measure_number, measures.measure_name, results.departement_code
