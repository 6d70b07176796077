-- One row per organisation that publishes open data, and how.
select
    siren,
    id_datagouv as datagouv_organisation_id,
    techno_platform as platform_name
from raw.open_data_publishers
