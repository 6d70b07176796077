-- The first member that is no territory of today, with where its ground lies: none, if all is well.
with

members as (

    select distinct
        unnest([
            'COM-' || commune_code,
            'EPCI-' || epci_code,
            'EPT-' || ept_code,
            'ARR-' || arrondissement_code,
            case when is_collectivity then 'COL-' else 'DEP-' end || departement_code,
            'REG-' || region_code
        ]) as member_id
    from core.communes

)

select
    asked.territory_id,
    asked.member_id,
    string_agg(distinct 'COM-' || successors.commune_code, ', ') as successors
from asked_members as asked
anti join members on asked.member_id = members.member_id
left join core.commune_successors as successors on asked.member_id = 'COM-' || successors.former_code
group by asked.territory_id, asked.member_id
order by asked.territory_id, asked.member_id
limit 1;
