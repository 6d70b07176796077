-- One row per commune that became part of a new commune, under the code of that commune.
select
    code_after as commune_code,
    code_before,
    year(event_date) as event_year
from core.commune_movements
where event_type = '32' and kind_before = 'COM' and kind_after = 'COM'
