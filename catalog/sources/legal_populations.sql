-- One row per commune of 2026: its municipal population, those counted apart, and their sum.
select
    com as commune_code,
    cast(pmun as bigint) as municipal_population,
    cast(pcap as bigint) as counted_apart_population,
    cast(ptot as bigint) as total_population
from raw.legal_populations
