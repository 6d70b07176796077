-- The rows of told_before of one indicator and period.
select
    territory_id,
    was_hidden
from told_before
where indicator = getvariable('indicator') and period = getvariable('period')
order by territory_id
