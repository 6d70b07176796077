-- Pourquoi des valeurs manquent, par niveau
-- Why values are missing, by level
select
    named.level,
    statuses.label_fr,
    count(*) as observations
from observations_named as named
inner join statuses on named.obs_status = statuses.obs_status
where named.value is null
group by named.level, statuses.label_fr
order by named.level, statuses.label_fr;
