-- One more row per vintage and measure of what was just harmonised, then one per code that it lost or lacks.
create or replace temp table without_data as
with

vintages as (

    select distinct
        source,
        vintage
    from harmonised

)

select
    vintages.source,
    vintages.vintage,
    communes.commune_code
from vintages
cross join core.communes as communes
anti join harmonised
    on vintages.vintage = harmonised.vintage and communes.commune_code = harmonised.commune_code;

insert into core.join_reports
with

measured as (

    select
        source,
        vintage,
        geography_method as method,
        is_on_map,
        published_commune_code,
        unnest(measures) as measured,
        population_share
    from harmonised

),

totals as (

    select
        measured.source,
        measured.vintage,
        measured.measure,
        sum(measured.amount * measured.population_share) filter (where measured.method = 'unchanged')
            as unchanged,
        sum(measured.amount * measured.population_share) filter (where measured.method = 'recoded')
            as recoded,
        sum(measured.amount * measured.population_share) filter (where measured.method = 'merged') as merged,
        sum(measured.amount * measured.population_share) filter (
            where starts_with(measured.method, 'split')
        ) as split,
        sum(measured.amount) filter (where measured.method = 'lost') as lost,
        sum(measured.amount * measured.population_share) filter (where measured.method != 'lost')
            as total_after,
        sum(measured.population_share) filter (where measured.method != 'lost' and not measured.is_on_map)
            as off_map_rows,
        count(distinct measured.published_commune_code) filter (where measured.method = 'lost') as lost_codes
    from measured
    group by measured.source, measured.vintage, measured.measure

),

before as (

    select
        vintage,
        unnest(measures) as measured
    from published

),

totals_before as (

    select
        before.vintage,
        measured.measure,
        sum(measured.amount) as total_before
    from before
    group by before.vintage, measured.measure

),

lacking as (

    select
        vintage,
        count(*) as commune_count
    from without_data
    group by vintage

)

select
    totals.source,
    totals.vintage,
    totals.measure,
    coalesce(totals_before.total_before, 0) as total_before,
    coalesce(totals.unchanged, 0) as unchanged,
    coalesce(totals.recoded, 0) as recoded,
    coalesce(totals.merged, 0) as merged,
    coalesce(totals.split, 0) as split,
    coalesce(totals.lost, 0) as lost,
    coalesce(totals.total_after, 0) as total_after,
    cast(coalesce(totals.off_map_rows, 0) as bigint) as off_map_rows,
    totals.lost_codes,
    coalesce(lacking.commune_count, 0) as communes_without_data
from totals
inner join totals_before on totals.vintage = totals_before.vintage and totals.measure = totals_before.measure
left join lacking on totals.vintage = lacking.vintage;

insert into core.join_losses
select
    source,
    vintage,
    'lost' as direction,
    coalesce(published_commune_code, '') as code,
    count(*) as row_count,
    null as likely_cause
from harmonised
where commune_code is null
group by source, vintage, published_commune_code

union all

-- A source that lacks more than this does not cover the country: the report counts them.
select
    source,
    vintage,
    'without_data' as direction,
    commune_code as code,
    0 as row_count,
    null as likely_cause
from without_data
qualify count(*) over (partition by vintage) <= 1000;

drop table without_data;
