-- told_totals: of the indicators under secrecy, the totals that the release before told of territories
-- whose communes were others then, and that are still the sums of those communes.
-- before_members: the communes of today in each of these territories.
-- It reads `before_territories` and `before_observations`, what that release published.
create or replace temp table before_members as
with

members as (

    select
        territory_id,
        part_id
    from members_before('before_territories', 'core.territories')

),

today as (

    select
        territory_id,
        part_id
    from core.memberships
    where part_level = 'commune' and territory_id != part_id

),

differing as (

    select members.territory_id
    from members
    anti join today on members.territory_id = today.territory_id and members.part_id = today.part_id

    union all

    select today.territory_id
    from today
    anti join members on today.territory_id = members.territory_id and today.part_id = members.part_id

)

select
    members.territory_id,
    members.part_id
from members
where members.territory_id in (select differing.territory_id from differing);

create or replace temp table told_totals as
select
    parts.indicator,
    parts.period,
    members.territory_id
from before_members as members
inner join secret_parts as parts on members.part_id = parts.part_id
inner join before_observations as before
    on
        parts.indicator = before.indicator
        and parts.period = before.period
        and members.territory_id = before.territory_id
where before.numerator is not null
group by parts.indicator, parts.period, members.territory_id
having
    abs(sum(parts.numerator) - any_value(before.numerator)) < 1e-6
    and (
        any_value(before.denominator) is null
        or abs(sum(parts.denominator) - any_value(before.denominator)) < 1e-6
    );
