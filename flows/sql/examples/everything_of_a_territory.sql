-- Tous les indicateurs d’un territoire, avec leur rang
-- Every indicator of a territory, with its rank
select
    title_fr,
    value,
    unit_fr,
    period,
    level_rank,
    level_count
from profile('EPCI-243500139');
