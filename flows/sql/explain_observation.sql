-- The observation that is explained, as it is disclosed, with its territory of today.
select *
from today
where territory_id = getvariable('territory') and period = getvariable('period')
