-- One row per part of France that lies alone: the mainland with Corsica, and each overseas région; its box,
-- rounded outwards to hundredths of a degree. Reads the temp tables of boundaries.sql.
select
    coalesce(insets.departement_code, 'mainland') as part,
    floor(min(st_xmin(framed.geometry)) * 100) / 100 as west,
    floor(min(st_ymin(framed.geometry)) * 100) / 100 as south,
    ceil(max(st_xmax(framed.geometry)) * 100) / 100 as east,
    ceil(max(st_ymax(framed.geometry)) * 100) / 100 as north
from framed
left join insets on framed.departement_code = insets.departement_code
where framed.size = 'large' and framed.level = 'region'
group by coalesce(insets.departement_code, 'mainland')
order by part;
