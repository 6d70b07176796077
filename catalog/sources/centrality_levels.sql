-- One row per commune of 2025.
-- Level of centrality: 0 none, 1 local, 2 intermediate, 3 structuring, 4 major.
select
    insee_com as commune_code,
    case trim(niveau_centralite)
        when 'Communes non centre' then 0
        when 'Centre local d''équipements et de services' then 1
        when 'Centre intermédiaire d''équipements et de services' then 2
        when 'Centre structurant d''équipements et de services' then 3
        when 'Centre majeur d''équipements et de services' then 4
    end as centrality_level
from raw.centrality_levels
