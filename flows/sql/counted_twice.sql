-- One row per commune of `codes_read` of which an arrondissement is told as well.
select distinct whole.read_code
from codes_read as whole
inner join core.administrative_divisions_communes as arrondissements
    on whole.read_code = arrondissements.parent_commune_code
inner join codes_read as pieces on arrondissements.commune_code = pieces.read_code
where arrondissements.kind = 'arrondissement-municipal'
order by whole.read_code
