-- Ce que veut dire une colonne, et où elle se trouve
-- What a column means, and where it is
select
    table_name,
    column_name,
    description_fr
from columns
where column_name = 'coverage'
order by table_name;
