-- One row per commune of 2018 and quarter: the premises that could be connected to fibre.
with

quarters as (

    select
        "Code commune" as commune_code,
        champ as field,
        unnest(['2017-Q3', '2017-Q4', '2018-Q1']) as quarter,
        unnest(["T3 2017", "T4 2017", "T1 2018"]) as premises
    from raw.fibre_deployment

)

select
    commune_code,
    quarter,
    try_cast(regexp_replace(premises, '[^0-9]', '', 'g') as bigint) as connectable_count
from quarters
where field = 'Locaux Raccordables'
