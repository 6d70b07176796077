-- One row per column of a table that both releases have, where the column or its type differs.
select
    coalesce(after.table_name, before.table_name) as table_name,
    coalesce(after.column_name, before.column_name) as column_name,
    before.data_type as old_type,
    after.data_type as new_type
from after_columns as after
full join before_columns as before
    on after.table_name = before.table_name and after.column_name = before.column_name
where
    before.data_type is distinct from after.data_type
    and coalesce(after.table_name, before.table_name) in (select each.table_name from before_columns as each)
    and coalesce(after.table_name, before.table_name) in (select each.table_name from after_columns as each)
order by table_name, column_name
