-- One row per commune of 2025: its type of rural area; none for those that the typology leaves out.
select
    insee_com as commune_code,
    case trim(niveau_ruralite)
        when 'Les ruralités résidentielles aisées' then 'RA'
        when 'Les ruralités résidentielles mixtes' then 'RM'
        when 'Les petites polarités mixtes' then 'PM'
        when 'Les petites polarités industrielles et artisanales' then 'PI'
        when 'Les ruralités productives ouvrières' then 'PO'
        when 'Les ruralités productives agricoles' then 'PA'
        when 'Les ruralités touristiques à dominante résidentielle' then 'TR'
        when 'Les ruralités touristiques spécialisées' then 'TS'
        when 'Hors champ : DOM ou commune urbaine' then 'HC'
        when 'Commune dont le périmètre a changé depuis la réalisation de la typologie' then 'NC'
    end as rurality_code
from raw.rurality_types
