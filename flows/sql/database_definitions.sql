-- One row per table, column, view and macro of the database that is open: how it is made, what is said of it.
select
    'table' as kind,
    table_name as name,
    null as made,
    comment as told
from duckdb_tables()
where database_name = current_database()
union all
select
    'column' as kind,
    concat(table_name, '.', column_name) as name,
    concat(column_index, ' ', data_type) as made,
    comment as told
from duckdb_columns()
where database_name = current_database() and not internal
union all
select
    'view' as kind,
    view_name as name,
    sql as made,
    comment as told
from duckdb_views()
where database_name = current_database() and not internal
union all
select
    'macro' as kind,
    function_name as name,
    concat_ws(' ', array_to_string(parameters, ', '), macro_definition) as made,
    comment as told
from duckdb_functions()
where database_name = current_database() and not internal
