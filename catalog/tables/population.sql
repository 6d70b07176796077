-- One row per commune of today and census reference year.
-- estimation: carried_over for Mayotte and the Pacific collectivities, whose census is of another
-- year; split where a figure was shared out; null where it is known.
with

-- Each edition carries the populations of an earlier census. Two editions are left out, because their
-- merged communes carry the figure of one former commune only: 2019 (which lacks Mayotte too) and 2023.
-- The edition of 2025 repeats the figures of 2026.
editions (edition, census_year) as (

    values (2021, 2019), (2022, 2020), (2024, 2022), (2026, 2023)

)

select
    -- A commune that no map knows would take its residents out of every total: better to stop.
    coalesce(
        successors.commune_code,
        error(communes.commune_code || ' of edition ' || communes.edition || ' has no successor')
    ) as commune_code,
    editions.census_year,
    sum(communes.inhabitants * successors.population_share) as inhabitants,
    case
        when bool_or(communes.departement_code in ('976', '986', '987', '988')) then 'carried_over'
        when bool_or(successors.population_share < 1) then 'split'
    end as estimation
from core.administrative_divisions_communes as communes
inner join editions on communes.edition = editions.edition
left join core.commune_successors as successors
    on
        communes.commune_code = successors.former_code
        and communes.edition between successors.first_vintage and successors.last_vintage
where communes.kind = 'commune-actuelle' and communes.inhabitants is not null
group by all
