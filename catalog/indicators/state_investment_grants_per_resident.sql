-- One row per département; one without any project counts zero.
with

granted as (

    select
        departement_code,
        sum(grant_eur) as grant_eur
    from core.state_investment_grants
    group by departement_code

)

select
    residents.departement_code,
    '2019' as period,
    coalesce(granted.grant_eur, 0) as numerator,
    residents.inhabitants as denominator
from core.departement_population as residents
left join granted on residents.departement_code = granted.departement_code
