-- One row per commune that is a member of an EPT of Greater Paris in 2025.
select
    codgeo as commune_code,
    ept as ept_code
from raw.ept_composition
where ept != 'ZZZZZZZZZ'
