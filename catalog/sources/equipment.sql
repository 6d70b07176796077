-- One row per facility.
select
    depcom as commune_code,
    typequ as facility_type,
    left(typequ, 1) as facility_field
from raw.equipment
