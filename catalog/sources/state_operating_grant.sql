-- One row per commune and year: its grant in euros, and the population that it is computed on.
select
    exercice as grant_year,
    code_insee as commune_code,
    max(case when variable = 'Montant Dotation DGF' then cast(valeur as double) end) as grant_eur,
    max(case when variable = 'Population INSEE' then cast(valeur as bigint) end) as insee_population
from raw.state_operating_grant
group by exercice, code_insee
