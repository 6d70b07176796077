-- One row per territory of today that has values of its own: the file of the API that tells of it, and its
-- position in the order of the files. Communes share a file with those of their EPCI, else of their
-- département or collectivity.
create or replace temp table api_places as
with

filed as (

    select
        *,
        case
            when level = 'commune'
                then 'communes/' || coalesce(epci_id, departement_id, collectivity_id, territory_id)
            else 'territories/' || territory_id
        end as file
    from indicators.territories
    where valid_to is null and level not in ('arm', 'commune_deleguee', 'commune_associee')

)

select
    filed.*,
    size_classes.size_class,
    dense_rank() over (order by filed.file) - 1 as file_number,
    row_number() over (order by filed.file, filed.territory_id) - 1 as position
from filed
left join parts.size_classes as size_classes
    on
        filed.level = size_classes.level
        and filed.population >= size_classes.minimum
        and filed.population < coalesce(size_classes.next_minimum, 1e12);

-- A number as JSON, without the zeros that say nothing; what is not known is null.
create or replace temp macro api_number(number) as
coalesce(
    case
        when abs(number) < 1e15 and number = trunc(number) then cast(cast(number as bigint) as varchar)
        else cast(number as varchar)
    end,
    'null'
);

-- The periods of each indicator, in order.
create or replace temp table api_periods as
select
    indicator,
    period,
    row_number() over (partition by indicator order by period) - 1 as period_number
from indicators.observations
group by indicator, period;
