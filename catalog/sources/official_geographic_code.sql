-- One row per commune of 2026, municipal arrondissement, delegated or associated commune.
select
    typecom as commune_kind,
    com as commune_code,
    libelle as commune_name,
    comparent as parent_code
from raw.official_geographic_code
