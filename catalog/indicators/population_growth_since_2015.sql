-- One row per commune of today of which both populations are known.
with

former as (

    select
        commune_code,
        sum(municipal_population * population_share) as population
    from core.populations_2015
    group by commune_code

)

select
    communes.commune_code,
    cast(communes.vintage - 3 as varchar) as period,
    communes.inhabitants - former.population as numerator,
    former.population as denominator
from core.communes as communes
inner join former on communes.commune_code = former.commune_code
