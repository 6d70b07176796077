-- One row per indicator and territory to which the Government gave a target, of the measures that are
-- indicators here.
with

measures (measure_number, indicator) as (
    values
    (246, 'france_services_satisfaction'),
    (263, 'cycle_paths_km'),
    (285, 'biowaste_sorting_residents'),
    (292, 'home_renovation_grants'),
    (306, 'fibre_coverage'),
    (311, 'multi_professional_health_centres'),
    (316, 'public_charging_points'),
    (323, 'france_services_requests'),
    (734, 'digital_helpers_trained'),
    (736, 'digital_support_sessions'),
    (957, 'trees_planted')
)

select
    measures.indicator,
    case results.zone_level
        when 'NAT' then 'FRA'
        when 'REG' then 'REG-' || results.zone_code
        else 'DEP-' || results.zone_code
    end as territory_id,
    strftime(
        min(results.measured_on) filter (where results.initial_value is not null), '%Y-%m'
    ) as initial_period,
    arg_min(results.initial_value, results.measured_on) as initial_value,
    strftime(
        max(results.measured_on) filter (where results.target_value is not null), '%Y-%m'
    ) as target_period,
    arg_max(results.target_value, results.measured_on) as target_value
from core.policy_results as results
inner join measures on results.measure_number = measures.measure_number
group by measures.indicator, results.zone_level, results.zone_code
having count(results.target_value) > 0
