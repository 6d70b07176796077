-- One row per year and département: how many communes its map of 1 January has there, and how many of
-- them `codes_read` holds.
create or replace temp table maps_found as
with

newest as (
    select max(edition) as year from core.administrative_divisions_communes
),

spans as (

    select distinct
        successors.former_code as code,
        case
            when left(successors.former_code, 2) in ('97', '98') then left(successors.former_code, 3)
            else left(successors.former_code, 2)
        end as departement_code,
        greatest(successors.first_vintage, 1943) as first_year,
        least(successors.last_vintage, newest.year) as last_year,
        successors.former_code in (select codes_read.read_code from codes_read) as is_found
    from core.commune_successors as successors
    cross join newest
    where successors.is_on_map and successors.first_vintage <= newest.year

),

changes as (

    select
        departement_code,
        first_year as year,
        1 as communes,
        cast(is_found as integer) as found
    from spans

    union all

    select
        departement_code,
        last_year + 1 as year,
        -1 as communes,
        -cast(is_found as integer) as found
    from spans

),

summed as (

    select
        departement_code,
        year,
        sum(communes) as communes,
        sum(found) as found
    from changes
    group by departement_code, year

),

years as (
    select unnest(generate_series(1943, newest.year)) as year from newest
),

departements as (
    select distinct departement_code from spans
)

select
    years.year,
    departements.departement_code,
    cast(sum(coalesce(summed.communes, 0)) over so_far as integer) as communes,
    cast(sum(coalesce(summed.found, 0)) over so_far as integer) as found
from years
cross join departements
left join summed
    on years.year = summed.year and departements.departement_code = summed.departement_code
window so_far as (
    partition by departements.departement_code
    order by years.year
    rows between unbounded preceding and current row
);

-- The départements of which the codes name nine communes in ten on the map of some year.
create or replace temp table whole_departements as
select departement_code
from maps_found
group by departement_code
having max(found / nullif(communes, 0)) >= 0.9;
