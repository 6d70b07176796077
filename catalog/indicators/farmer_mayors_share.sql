-- One row per commune and year of the register.
select
    commune_code,
    vintage as period,
    count(*) filter (where profession_group = 1) as numerator,
    count(profession_group) as denominator
from core.municipal_councillors
where is_mayor
group by commune_code, vintage
