-- A hidden observation beside which a number stands all the same.
select
    indicator,
    territory_id,
    period,
    coalesce(value, numerator, denominator) as told
from observations
where obs_status = 'Q' and coalesce(value, numerator, denominator) is not null
order by indicator, territory_id, period
