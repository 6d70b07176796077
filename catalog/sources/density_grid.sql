-- One row per commune of 2025: its level of the density grid, from 1 (dense) to 7 (very sparse).
select
    insee_com as commune_code,
    case niveau_densite
        when 'Grands centres urbains' then '1'
        when 'Centres urbains intermédiaires' then '2'
        when 'Petites villes' then '3'
        when 'Ceintures urbaines' then '4'
        when 'Bourgs ruraux' then '5'
        when 'Rural à habitat dispersé' then '6'
        when 'Rural à habitat très dispersé' then '7'
    end as density_code
from raw.density_grid
