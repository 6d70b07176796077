-- One row per year, the oldest first: how well the map of its 1 January fits the codes of `codes_read`.
-- A département of which the codes name nine communes in ten on the map of some year is taken to be told
-- whole: a commune of it that they lack speaks against a map, as does a code that it does not have.
with

told as (
    select count(distinct read_code) as codes from codes_read
)

select
    maps_found.year,
    any_value(told.codes) as code_count,
    cast(sum(maps_found.found) as integer) as codes_on_map,
    cast(coalesce(
        sum(maps_found.communes - maps_found.found) filter (where whole.departement_code is not null), 0
    ) as integer) as communes_lacking
from maps_found
cross join told
left join whole_departements as whole on maps_found.departement_code = whole.departement_code
group by maps_found.year
order by maps_found.year
