-- One row per column of a table of raw or core.
select
    schema_name || '.' || table_name as table_name,
    column_name,
    data_type
from duckdb_columns()
where schema_name in ('raw', 'core')
order by schema_name, table_name, column_index
