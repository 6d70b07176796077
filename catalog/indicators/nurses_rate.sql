-- One row per département and year.
select
    professionals.departement_code,
    professionals.reference_year as period,
    professionals.professional_count as numerator,
    residents.inhabitants as denominator
from core.health_professionals as professionals
inner join core.departement_population as residents
    on professionals.departement_code = residents.departement_code
where professionals.profession_name = 'Infirmiers'
