-- One row per scheme that a commune runs, and its code.
select
    scheme_id,
    territory_code as commune_code,
    programme_code
from core.citizen_participation
where territory_level = 'commune'
