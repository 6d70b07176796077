-- One row per scheme and the territory that runs it: a commune, an EPCI, a département or a région.
select
    id_engcit as scheme_id,
    codgeo as territory_code,
    echelon as territory_level,
    dispositif as programme_code,
    periode as support_period
from raw.citizen_participation
