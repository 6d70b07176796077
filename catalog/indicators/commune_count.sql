-- One row per commune of the newest map.
select
    commune_code,
    vintage as period,
    1 as numerator
from core.communes
