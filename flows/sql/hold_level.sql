-- What of `coded` is on today's map (`known_codes`), as core.held; and what was lost, told.
insert into core.join_reports
with

measured as (

    select
        coded.source,
        coded.vintage,
        coded.code,
        known_codes.code is not null as is_known,
        unnest(coded.measures) as measured
    from coded
    left join known_codes on coded.code = known_codes.code

)

select
    measured.source,
    measured.vintage,
    measured.measured.measure,
    sum(measured.measured.amount) as total_before,
    coalesce(sum(measured.measured.amount) filter (where measured.is_known), 0) as unchanged,
    0 as recoded,
    0 as merged,
    0 as split,
    coalesce(sum(measured.measured.amount) filter (where not measured.is_known), 0) as lost,
    coalesce(sum(measured.measured.amount) filter (where measured.is_known), 0) as total_after,
    0 as off_map_rows,
    count(distinct measured.code) filter (where not measured.is_known) as lost_codes,
    0 as communes_without_data
from measured
group by measured.source, measured.vintage, measured.measured.measure;

insert into core.join_losses
with

vintages as (

    select distinct
        source,
        vintage
    from coded

)

select
    coded.source,
    coded.vintage,
    'lost' as direction,
    coalesce(coded.code, '') as code,
    count(*) as row_count,
    null as likely_cause
from coded
anti join known_codes on coded.code = known_codes.code
group by coded.source, coded.vintage, coded.code

union all

select
    vintages.source,
    vintages.vintage,
    'without_data' as direction,
    known_codes.code,
    0 as row_count,
    null as likely_cause
from vintages
cross join known_codes
anti join coded on vintages.vintage = coded.vintage and known_codes.code = coded.code
where known_codes.code is not null;

create table core.held as
select coded.* exclude (code, source, measures) -- noqa: RF02
from coded
semi join known_codes on coded.code = known_codes.code;
