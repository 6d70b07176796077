-- What the YAML of each territory of one's own asks for.
create or replace temp table asked_members (
    territory_id varchar,
    name varchar,
    since date,
    member_id varchar
);

-- One row per commune of today and territory that it lies in, itself included.
create or replace temp table member_communes as
select
    commune_code,
    vintage,
    unnest([
        'COM-' || commune_code,
        'EPCI-' || epci_code,
        'EPT-' || ept_code,
        'ARR-' || arrondissement_code,
        case when is_collectivity then 'COL-' else 'DEP-' end || departement_code,
        'REG-' || region_code
    ]) as member_id
from core.communes;
