-- One row per mayor.
select
    "Code de la commune" as commune_code,
    "Code sexe" = 'F' as is_woman,
    cast(regexp_extract("Date de naissance", '[0-9]{4}') as integer) as birth_year,
    cast("Code de la catégorie socio-professionnelle" as integer) as profession_code,
    cast(regexp_extract("Date de début du mandat", '[0-9]{4}') as integer) as term_start_year,
    cast(regexp_extract("Date de début de la fonction", '[0-9]{4}') as integer) as office_start_year
from raw.mayors
