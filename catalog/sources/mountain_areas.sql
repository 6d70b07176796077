-- One row per commune in a mountain range, on the map of 2025.
select
    insee_com as commune_code,
    left(niveau_montagne, 2) as range_code,
    substr(niveau_montagne, 6) as range_name
from raw.mountain_areas
