-- One row per commune of 2024 and its number in the register of enterprises.
select
    siren,
    insee as commune_code
from raw.commune_sirens
