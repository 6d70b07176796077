-- What the YAML of each territory of one's own asks for.
create or replace temp table asked_members (
    territory_id varchar,
    name varchar,
    since date,
    member_id varchar
);
