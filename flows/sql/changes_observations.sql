-- One row per observation that is not as it was. `old_value` is null where telling it would undo a secret:
-- the value is hidden now, or its row is gone and something of its indicator is hidden.
create or replace temp table before_changed as
select
    coalesce(renamed.new_name, before.indicator) as indicator,
    before.territory_id,
    before.period,
    before.value,
    before.numerator,
    before.denominator,
    before.coverage,
    before.obs_status,
    before.conf_status
from before_observations as before
left join renamed on before.indicator = renamed.old_name
inner join changed_indicators as changed on coalesce(renamed.new_name, before.indicator) = changed.indicator;

create or replace temp table after_changed as
select
    indicator,
    territory_id,
    period,
    value,
    numerator,
    denominator,
    coverage,
    obs_status,
    conf_status
from after_observations
where indicator in (select changed.indicator from changed_indicators as changed);

create or replace temp table secret_indicators as
select indicator
from declared_secret
union
select indicator
from before_changed
where obs_status = 'Q' or conf_status = 'C'
union
select indicator
from after_changed
where obs_status = 'Q' or conf_status = 'C';

create or replace temp table changed_observations as
select
    coalesce(after.indicator, before.indicator) as indicator,
    coalesce(after.territory_id, before.territory_id) as territory_id,
    coalesce(after.period, before.period) as period,
    case
        when before.indicator is null then 'added'
        when after.indicator is null then 'deleted'
        else 'modified'
    end as change,
    case
        when after.obs_status = 'Q' or after.conf_status = 'C' then null
        when after.indicator is null and secret_indicators.indicator is not null then null
        else before.value
    end as old_value,
    before.obs_status as old_status,
    after.value as new_value,
    after.obs_status as new_status,
    before.value is not null as had_value
from after_changed as after
full join before_changed as before
    on
        after.indicator = before.indicator
        and after.territory_id = before.territory_id
        and after.period = before.period
left join secret_indicators on coalesce(after.indicator, before.indicator) = secret_indicators.indicator
where
    before.indicator is null
    or after.indicator is null
    or (
        before.value,
        before.numerator,
        before.denominator,
        before.coverage,
        before.obs_status,
        before.conf_status
    ) is distinct from (
        after.value,
        after.numerator,
        after.denominator,
        after.coverage,
        after.obs_status,
        after.conf_status
    );
