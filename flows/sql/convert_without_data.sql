-- One row per commune of the map of `to_vintage` that `converted` says nothing of.
select distinct successors.former_code
from core.commune_successors as successors
anti join converted on successors.former_code = converted.commune_code
where
    successors.is_on_map
    and getvariable('to_vintage') between successors.first_vintage and successors.last_vintage
order by successors.former_code
