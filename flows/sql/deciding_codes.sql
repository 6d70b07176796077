-- One row per commune that only one of the maps of `best_vintage` and `runner_up_vintage` has, and that
-- speaks for or against it: `is_told` if the codes hold it, else one of a département told whole.
with

told as (
    select distinct read_code from codes_read
),

present as (

    select
        former_code as code,
        bool_or(getvariable('best_vintage') between first_vintage and last_vintage) as is_on_best,
        bool_or(getvariable('runner_up_vintage') between first_vintage and last_vintage) as is_on_runner_up
    from core.commune_successors
    where is_on_map
    group by former_code

)

select
    present.code,
    present.is_on_best,
    told.read_code is not null as is_told
from present
left join told on present.code = told.read_code
where
    present.is_on_best != present.is_on_runner_up
    and (
        told.read_code is not null
        or left(present.code, 2) in (select whole.departement_code from whole_departements as whole)
        or left(present.code, 3) in (select whole.departement_code from whole_departements as whole)
    )
order by present.code
