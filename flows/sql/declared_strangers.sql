-- The first member that is no territory of today, with where its ground lies: none, if all is well.
select
    asked.territory_id,
    asked.member_id,
    string_agg(distinct 'COM-' || successors.commune_code, ', ') as successors
from asked_members as asked
anti join member_communes on asked.member_id = member_communes.member_id
left join core.commune_successors as successors on asked.member_id = 'COM-' || successors.former_code
group by asked.territory_id, asked.member_id
order by asked.territory_id, asked.member_id
limit 1;
