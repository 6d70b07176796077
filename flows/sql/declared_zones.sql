-- One more row per zone and commune of today in it: in the newest map of the source, in the zone of its seat.
insert into core.declared_members
select
    zoned.prefix || zoned.zone_code as territory_id,
    'zone' as level,
    zone_names.name,
    make_date(zoned.vintage, 1, 1) as valid_from,
    zoned.commune_code
from zoned
left join zone_names on zoned.zone_code = zone_names.zone_code
where zoned.zone_code is not null
qualify
    row_number() over (
        partition by zoned.commune_code
        order by
            zoned.vintage desc,
            zoned.published_commune_code = zoned.commune_code desc,
            zoned.published_commune_code asc
    ) = 1;
