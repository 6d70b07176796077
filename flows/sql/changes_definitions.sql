-- One row per indicator that is described otherwise, and per property of it: what it was and what it is.
-- Which files and periods there are is told elsewhere.
with

before as (

    select
        coalesce(renamed.new_name, before_indicators.indicator) as indicator,
        before_indicators.* exclude (indicator)
    from before_indicators
    left join renamed on before_indicators.indicator = renamed.old_name

),

before_properties as (

    unpivot (select columns(*)::varchar from before)
    on columns(* exclude (indicator))
    into name property value value

),

after_properties as (

    unpivot (select columns(*)::varchar from after_indicators)
    on columns(* exclude (indicator))
    into name property value value

)

select
    coalesce(after.indicator, before.indicator) as indicator,
    coalesce(after.property, before.property) as property,
    before.value as old_value,
    after.value as new_value
from after_properties as after
full join before_properties as before
    on after.indicator = before.indicator and after.property = before.property
where
    before.value is distinct from after.value
    and coalesce(after.property, before.property) not in ('vintages', 'first_period', 'last_period')
    and coalesce(after.indicator, before.indicator) in (select each.indicator from before as each)
    and coalesce(after.indicator, before.indicator) in (select each.indicator from after_indicators as each)
order by indicator, property
