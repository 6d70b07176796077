-- One row per commune that is a member of an EPCI in 2025: the kind of EPCI and how it is financed.
select
    siren as epci_siren,
    nature_juridique as epci_kind,
    mode_financ as tax_regime,
    insee as commune_code
from raw.epci_perimeters
where insee is not null
