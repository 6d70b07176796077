-- One row per commune of 2018: homes and establishments that may be connected. A dash is none.
select
    "Code commune" as commune_code,
    coalesce(try_cast(regexp_replace(logements, '[^0-9]', '', 'g') as bigint), 0) as home_count,
    coalesce(
        try_cast(regexp_replace("Établissements", '[^0-9]', '', 'g') as bigint), 0 -- noqa: RF06
    ) as establishment_count
from raw.fibre_premises
