-- One row per commune, kind of premises and date.
select
    code_insee as commune_code,
    type as premises_kind,
    date as measured_on,
    nbr as premises_count,
    elig_ftth as fibre_premises_count
from raw.broadband
