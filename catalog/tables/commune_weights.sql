-- One row per code and map on which its residents are known: what a count is shared out by.
select
    commune_code,
    edition as vintage,
    inhabitants
from core.administrative_divisions_communes
where
    inhabitants is not null
    and kind in ('commune-actuelle', 'arrondissement-municipal')
    -- The figure of a merged commune is that of one former commune in these two editions.
    and edition not in (2019, 2023)

union all

select
    commune_code,
    vintage,
    inhabitants
from core.former_populations
