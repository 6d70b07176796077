-- One row per commune and year.
select
    commune_code,
    grant_year as period,
    sum(grant_eur * population_share) as numerator,
    sum(insee_population * population_share) as denominator
from core.state_operating_grant
group by commune_code, grant_year
