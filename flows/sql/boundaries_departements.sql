-- One row per département that has a commune with a shape.
select distinct departement_code
from framed
where level = 'commune'
order by departement_code
