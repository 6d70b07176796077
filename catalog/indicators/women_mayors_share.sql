-- One row per commune and year of the register.
select
    commune_code,
    vintage as period,
    count(*) filter (where is_woman) as numerator,
    count(*) as denominator
from core.municipal_councillors
where is_mayor
group by commune_code, vintage
