-- One row per year and commune of that year's map. Rates are shares; rental values are euros a year.
select
    cast(edition as integer) as tax_year,
    -- Some years still speak the map of the year before, as their codes show.
    case when edition in (2018, 2019, 2021) then edition - 1 else edition end as map_year,
    code_insee_commune as commune_code,
    cast(taux_com as decimal(9, 6)) as commune_rate,
    cast(taux_epci as decimal(9, 6)) as epci_rate,
    nullif(valeur_locative_moyenne_com, 0) as mean_rental_value_eur -- 0: not given
from raw.local_tax
