-- One row per measure, zone and date: what it was at first, what it is, what it should be.
select
    edition as measure_number,
    indic_id as measure_id,
    maille as zone_level,
    substr(enforce_zone_id, 2) as zone_code,
    metric_enforce_date as measured_on,
    indic_vi as initial_value,
    indic_va as current_value,
    indic_vc as target_value
from raw.policy_results
