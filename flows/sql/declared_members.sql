-- One row per declared territory and commune of today in it.
create or replace table core.declared_members as
select distinct
    asked_members.territory_id,
    'user' as level,
    asked_members.name,
    coalesce(asked_members.since, make_date(communes.vintage, 1, 1)) as valid_from,
    communes.commune_code
from asked_members
inner join core.communes as communes
    on
        asked_members.member_id in (
            'COM-' || communes.commune_code,
            'EPCI-' || communes.epci_code,
            'EPT-' || communes.ept_code,
            'ARR-' || communes.arrondissement_code,
            case when communes.is_collectivity then 'COL-' else 'DEP-' end || communes.departement_code,
            'REG-' || communes.region_code
        );
