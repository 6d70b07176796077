-- Les communes d’une intercommunalité, une colonne par indicateur
-- The communes of an intermunicipality, a column per indicator
select
    wide.name,
    wide.population,
    wide.women_councillors_share,
    wide.women_councillors_share_status
from communes_of('EPCI-243500139') as members
inner join wide_commune as wide on members.territory_id = wide.territory_id
order by wide.population desc, wide.code asc;
