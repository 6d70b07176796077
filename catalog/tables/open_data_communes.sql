-- One row per commune of today that publishes open data.
select distinct sirens.commune_code
from core.open_data_publishers as publishers
inner join core.commune_sirens as sirens on publishers.siren = sirens.siren
