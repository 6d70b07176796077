-- One row per département of today.
select
    departement_code,
    sum(inhabitants) as inhabitants
from core.communes
where not is_collectivity
group by departement_code
