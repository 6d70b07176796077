-- One row per territory of the newest edition that is no commune.
with

newest as (

    select max(edition) as edition
    from core.administrative_divisions_communes

)

select
    'EPCI-' || epci_code as territory_id,
    any_value(epci_name) as name
from core.administrative_divisions_epci
where edition = (select newest.edition from newest)
group by epci_code

union all

select
    'EPT-' || ept_code as territory_id,
    any_value(ept_name) as name
from core.administrative_divisions_ept
where edition = (select newest.edition from newest)
group by ept_code

union all

select
    'ARR-' || arrondissement_code as territory_id,
    arrondissement_name as name
from core.administrative_divisions_arrondissements
where edition = (select newest.edition from newest)

union all

select
    case when is_collectivity then 'COL-' else 'DEP-' end || departement_code as territory_id,
    departement_name as name
from core.administrative_divisions_departements
where edition = (select newest.edition from newest)

union all

select
    'REG-' || region_code as territory_id,
    region_name as name
from core.administrative_divisions_regions
where edition = (select newest.edition from newest) and not is_collectivity

union all

select
    'FRA' as territory_id,
    'France' as name
