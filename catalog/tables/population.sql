-- One row per commune of today and census reference year.
-- Estimated: shared out over a split, or carried from another census than that of the year.
with

-- Each edition carries the populations of an earlier census; of two that share one, the newest stands
-- here. The edition of 2019 is left out: its figures miss what merged, and Mayotte.
editions (edition, census_year) as (

    values (2021, 2019), (2023, 2020), (2024, 2022), (2026, 2023)

)

select
    successors.commune_code,
    editions.census_year,
    sum(communes.inhabitants * successors.population_share) as inhabitants,
    bool_or(successors.method = 'split' or communes.departement_code in ('976', '986', '987', '988'))
        as is_estimated
from core.administrative_divisions_communes as communes
inner join editions on communes.edition = editions.edition
inner join core.commune_successors as successors
    on
        communes.commune_code = successors.former_code
        and communes.edition between successors.first_vintage and successors.last_vintage
where communes.kind = 'commune-actuelle' and communes.inhabitants is not null
group by successors.commune_code, editions.census_year
