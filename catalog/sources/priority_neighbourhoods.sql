-- One row per neighbourhood and commune that it lies in.
with

wrapped as (

    select
        code_qp as neighbourhood_code,
        lib_qp as neighbourhood_name,
        unnest(string_split(regexp_replace(insee_com, '[="]', '', 'g'), ';')) as commune_code
    from raw.priority_neighbourhoods

)

select
    neighbourhood_code,
    neighbourhood_name,
    lpad(trim(commune_code), 5, '0') as commune_code
from wrapped
