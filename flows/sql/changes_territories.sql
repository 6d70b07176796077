-- One row per territory, and per validity of it, that is not as it was: how it differs.
create or replace temp table changed_territories as
with

compared as (

    select
        coalesce(after.territory_id, before.territory_id) as territory_id,
        coalesce(after.level, before.level) as level,
        before.name as old_name,
        after.name as new_name,
        before.territory_id is null as is_added,
        after.territory_id is null as is_removed,
        before.valid_to is null and after.valid_to is not null as is_ended,
        coalesce(before.name, '') != coalesce(after.name, '') as is_renamed,
        row(
            before.epci_id,
            before.ept_id,
            before.arrondissement_id,
            before.departement_id,
            before.region_id,
            before.successor_id
        ) as old_place,
        row(
            after.epci_id,
            after.ept_id,
            after.arrondissement_id,
            after.departement_id,
            after.region_id,
            after.successor_id
        ) as new_place,
        cast(before as varchar) as old_row, -- noqa: RF02
        cast(after as varchar) as new_row -- noqa: RF02
    from after_territories as after
    full join before_territories as before
        on
            after.territory_id = before.territory_id
            and after.valid_from is not distinct from before.valid_from

)

select
    territory_id,
    level,
    case
        when is_added then 'added'
        when is_removed then 'removed'
        when is_ended then 'ended'
        when is_renamed then 'renamed'
        when cast(old_place as varchar) != cast(new_place as varchar) then 'placed_elsewhere'
        else 'updated'
    end as change,
    old_name,
    new_name
from compared
where is_added or is_removed or old_row != new_row;

-- Whose ground is not what it was: what stands above, and whatever has other members today.
create or replace temp table moved_territories as
with

before_members as (

    select
        territory_id,
        bit_xor(hash(member_id)) as members
    from before_memberships
    where last_vintage is null
    group by territory_id

),

after_members as (

    select
        territory_id,
        bit_xor(hash(member_id)) as members
    from after_memberships
    where last_vintage is null
    group by territory_id

)

select territory_id
from changed_territories
where change in ('added', 'removed', 'ended', 'placed_elsewhere')
union
select coalesce(after_members.territory_id, before_members.territory_id) as territory_id
from after_members
full join before_members on after_members.territory_id = before_members.territory_id
where after_members.members is distinct from before_members.members;
