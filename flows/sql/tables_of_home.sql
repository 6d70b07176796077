-- One row per table of the warehouse that an indicator may read.
select
    schema_name,
    table_name
from duckdb_tables()
where database_name = 'home' and schema_name = 'core'
order by schema_name, table_name
