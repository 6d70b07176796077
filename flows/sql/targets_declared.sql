-- One row per target and territory, as declared; either the target value or the change in percent is given.
create table parts.targets (
    target varchar,
    title_fr varchar,
    title_en varchar,
    reference varchar,
    indicator varchar,
    territory_id varchar,
    initial_period varchar,
    initial_value double,
    target_period varchar,
    target_value double,
    change_percent double
);
