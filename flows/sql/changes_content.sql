-- One row per indicator that has changed, with the hash of what its observations were and of what they are.
with

before_content as (

    select
        indicator,
        bit_xor(md5_number(cast(each as varchar))) as content
    from before_changed as each -- noqa: AL05
    group by indicator

),

after_content as (

    select
        indicator,
        bit_xor(md5_number(cast(each as varchar))) as content
    from after_changed as each -- noqa: AL05
    group by indicator

)

select
    coalesce(before_content.indicator, after_content.indicator) as indicator,
    printf('%x', coalesce(before_content.content, 0)) as old_content,
    printf('%x', coalesce(after_content.content, 0)) as new_content
from before_content
full join after_content on before_content.indicator = after_content.indicator
