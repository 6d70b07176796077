-- D’où vient un indicateur : producteurs, licences, fichiers
-- Where an indicator comes from: publishers, licences, files
select
    sources.title_fr,
    sources.publisher,
    licences.title as licence,
    source_files.edition,
    source_files.sha256
from indicators
inner join sources on list_contains(string_split(indicators.sources, ', '), sources.source)
inner join licences on sources.licence = licences.licence
inner join source_files on sources.source = source_files.source
where indicators.indicator = 'road_deaths_rate'
order by sources.source, source_files.edition;
