-- One row per measure of the barometer: its label, and whether it should rise or fall.
select
    indic_id as measure_id,
    indic_nom_baro as measure_name,
    tendance = 'hausse' as should_rise
from raw.policy_measures
