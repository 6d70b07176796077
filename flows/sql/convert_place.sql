-- One row per row of `published` and commune of the target map that it falls in; no commune: a lost row.
create or replace temp view placed as
select
    published.*,
    successors.commune_code,
    coalesce(successors.population_share, cast(1 as decimal(18, 12))) as population_share,
    list_position(
        ['unchanged', 'recoded', 'merged', 'split_by_population', 'split_equally'], successors.method
    ) as method_rank
from published
left join target_successors as successors
    on
        published.code = successors.former_code
        and published.vintage between successors.first_vintage and successors.last_vintage
