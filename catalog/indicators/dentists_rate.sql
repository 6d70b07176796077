-- One row per département and year.
with

residents as (

    select
        departement_code,
        sum(inhabitants) as inhabitants
    from core.communes
    where not is_collectivity
    group by departement_code

)

select
    professionals.departement_code,
    professionals.reference_year as period,
    professionals.professional_count as numerator,
    residents.inhabitants as denominator
from core.health_professionals as professionals
inner join residents on professionals.departement_code = residents.departement_code
where professionals.profession_name = 'Ensemble des chirurgiens-dentistes'
