-- One row per town hall of a commune (those of delegated communes and arrondissements left out).
-- Hours come as [["lundi", "vendredi", [["09:00:00", "12:00:00"]]]]: first day, last day, intervals.
select
    code as commune_code,
    nullif(trim(mairie_site), '') as website_url,
    cast(mairie_horaires as json) as opening_hours
from raw.town_halls
where type = 'COM'
