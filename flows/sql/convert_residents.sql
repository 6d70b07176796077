-- One row per code and vintage of `published`: its residents, as counted nearest to that year.
create or replace temp table residents as
with

told as (
    select distinct
        code,
        vintage
    from published
)

select
    told.code,
    told.vintage,
    arg_min(weights.inhabitants, (abs(weights.vintage - told.vintage), weights.vintage)) as inhabitants
from told
inner join core.commune_weights as weights on told.code = weights.commune_code
group by told.code, told.vintage
