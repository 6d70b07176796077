-- What the queries on changes are told, beside the tables of the two releases.
create or replace temp table renamed (
    old_name varchar,
    new_name varchar
);

-- Indicators under secrecy, as the catalogue says.
create or replace temp table declared_secret (
    indicator varchar
);

-- What can have changed an indicator.
create or replace temp table causes (
    indicator varchar,
    is_new boolean,
    is_gone boolean,
    has_new_file boolean,
    has_other_corrections boolean,
    has_other_method boolean
);

-- What an indicator promises of its changes.
create or replace temp table change_promises (
    indicator varchar,
    max_percent double,
    max_territories_percent double
);

create or replace temp table before_columns (
    table_name varchar,
    column_name varchar,
    data_type varchar
);

create or replace temp table after_columns (
    table_name varchar,
    column_name varchar,
    data_type varchar
);
