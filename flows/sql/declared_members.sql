-- One row per declared territory and commune of today in it.
create or replace table core.declared_members as
select distinct
    asked_members.territory_id,
    'user' as level,
    asked_members.name,
    coalesce(asked_members.since, make_date(member_communes.vintage, 1, 1)) as valid_from,
    member_communes.commune_code
from asked_members
inner join member_communes on asked_members.member_id = member_communes.member_id;
