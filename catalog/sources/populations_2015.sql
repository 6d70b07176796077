-- One row per commune of 2017: its population in the census of 2015.
select
    depcom as commune_code,
    cast(pop2015 as bigint) as municipal_population,
    cast(pop2015_totale as bigint) as total_population
from raw.populations_2015
