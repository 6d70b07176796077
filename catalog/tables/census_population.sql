-- One row per edition that gives a census year whole, and commune of its map.
with

-- Each edition carries the populations of an earlier census. Two editions are left out, because their
-- merged communes carry the figure of one former commune only: 2019 (which lacks Mayotte too) and 2023.
-- The edition of 2025 repeats the figures of 2026.
editions (edition, census_year) as (

    values (2021, 2019), (2022, 2020), (2024, 2022), (2026, 2023)

)

select
    communes.commune_code,
    communes.edition,
    editions.census_year,
    communes.inhabitants,
    -- Mayotte and the Pacific collectivities carry a census of another year.
    communes.departement_code in ('976', '986', '987', '988') as is_carried_over
from core.administrative_divisions_communes as communes
inner join editions on communes.edition = editions.edition
where communes.kind = 'commune-actuelle' and communes.inhabitants is not null
