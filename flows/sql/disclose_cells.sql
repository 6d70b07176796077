-- What is found: the cells to hide, and those that readers of the release before know all the same.
create or replace temp table hidden_cells (
    indicator varchar,
    period varchar,
    territory_id varchar
);

create or replace table parts.known_before (
    indicator varchar,
    period varchar,
    territory_id varchar
);
