-- One row per indicator whose observations are not the same in both releases.
create or replace temp table changed_indicators as
with

before_content as (

    select
        coalesce(renamed.new_name, before.indicator) as indicator,
        count(*) as observation_count,
        bit_xor(
            hash(
                before.territory_id,
                before.period,
                before.value,
                before.numerator,
                before.denominator,
                before.coverage,
                before.obs_status,
                before.conf_status
            )
        ) as content
    from before_observations as before
    left join renamed on before.indicator = renamed.old_name
    group by coalesce(renamed.new_name, before.indicator)

),

after_content as (

    select
        indicator,
        count(*) as observation_count,
        bit_xor(
            hash(
                territory_id,
                period,
                value,
                numerator,
                denominator,
                coverage,
                obs_status,
                conf_status
            )
        ) as content
    from after_observations
    group by indicator

)

select coalesce(after_content.indicator, before_content.indicator) as indicator
from after_content
full join before_content on after_content.indicator = before_content.indicator
where
    (before_content.observation_count, before_content.content)
    is distinct from (after_content.observation_count, after_content.content);
