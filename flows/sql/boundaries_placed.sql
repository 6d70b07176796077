-- One row per size, level and territory, where it is drawn: overseas, as large as it would be at that
-- latitude.
select
    framed.territory_id,
    framed.code,
    framed.name,
    insets.departement_code is not null as is_inset,
    st_aswkb(
        case
            when insets.departement_code is null then framed.geometry
            else st_affine(
                framed.geometry,
                insets.scale * cos(radians(insets.from_latitude)) / cos(radians(insets.to_latitude)),
                0,
                0,
                insets.scale,
                insets.to_longitude - insets.from_longitude
                * insets.scale * cos(radians(insets.from_latitude)) / cos(radians(insets.to_latitude)),
                insets.to_latitude - insets.from_latitude * insets.scale
            )
        end
    ) as wkb
from framed
left join insets on framed.departement_code = insets.departement_code
