-- One row per square of a map of France in Europe: its communes, and how many lack a value.
with

observed as (

    select
        substr(territory_id, 5) as commune_code,
        obs_status
    from indicators.observations
    where indicator = getvariable('indicator') and territory_id like 'COM-%'
    qualify period = max(case when obs_status != 'O' then period end) over ()

),

placed as (

    select
        commune_code,
        cast(split_part(regexp_extract(geometry_wkt, '-?[0-9.]+ -?[0-9.]+'), ' ', 1) as double) as longitude,
        cast(split_part(regexp_extract(geometry_wkt, '-?[0-9.]+ -?[0-9.]+'), ' ', 2) as double) as latitude
    from core.commune_boundaries
    where is_on_map

)

select
    cast(floor((51.2 - placed.latitude) / 0.42) as integer) as map_row,
    cast(floor((placed.longitude + 5.2) / 0.3) as integer) as map_column,
    count(*) as communes,
    count(*) filter (where observed.obs_status = 'O') as missing
from placed
inner join observed on placed.commune_code = observed.commune_code
where
    placed.latitude between 41 and 51.2
    and placed.longitude between -5.2 and 9.8
group by map_row, map_column
order by map_row, map_column
