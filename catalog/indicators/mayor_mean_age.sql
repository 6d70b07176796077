-- One row per commune and year of the register.
select
    commune_code,
    vintage as period,
    sum(vintage - birth_year) as numerator,
    count(birth_year) as denominator
from core.municipal_councillors
where is_mayor
group by commune_code, vintage
