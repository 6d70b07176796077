-- One row per commune and year of the register.
select
    commune_code,
    vintage as period,
    count(*) filter (where vintage - birth_year < 40) as numerator,
    count(birth_year) as denominator
from core.municipal_councillors
group by commune_code, vintage
