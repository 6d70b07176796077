-- One row per row of `published` and commune of the map that it falls in; no commune: a lost row.
create temp table harmonised as
select
    successors.commune_code,
    published.commune_code as published_commune_code,
    coalesce(successors.method, 'lost') as geography_method,
    successors.population_share,
    coalesce(successors.is_on_map, false) as is_on_map,
    published.* exclude (commune_code) -- noqa: RF02
from published
left join core.commune_successors as successors
    on
        published.commune_code = successors.former_code
        and published.vintage between successors.first_vintage and successors.last_vintage;
