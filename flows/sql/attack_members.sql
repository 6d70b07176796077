-- One row per territory of today and commune that it adds up, as the table of territories tells.
with

communes as (

    select
        territory_id,
        epci_id,
        ept_id,
        arrondissement_id,
        departement_id,
        region_id,
        country_id
    from territories
    where level = 'commune' and valid_to is null and collectivity_id is null

)

select
    upper_id as territory_id,
    territory_id as part_id
from communes
unpivot (
    upper_id for level in (epci_id, ept_id, arrondissement_id, departement_id, region_id, country_id)
)
order by upper_id, territory_id
