-- One row per code of `codes_read` that the map of 1 January of `vintage` does not have as it is written.
create or replace temp table strange_codes as
select
    codes_read.code,
    cast(getvariable('vintage') as integer) as vintage
from codes_read
anti join core.commune_successors as successors
    on
        codes_read.code = successors.former_code
        and successors.is_on_map
        and getvariable('vintage') between successors.first_vintage and successors.last_vintage
