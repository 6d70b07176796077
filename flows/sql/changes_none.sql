-- No row: a release that differs from no other in any observation.
create or replace temp view delta as
select
    null::varchar as indicator,
    null::varchar as territory_id,
    null::varchar as period,
    null::varchar as change,
    null::double as old_value,
    null::varchar as old_status,
    null::double as new_value,
    null::varchar as new_status,
    null::varchar as reasons
where false;
