-- told_before: of cells under secrecy, those that the release before hid, and those whose numbers it told as
-- they still are. It reads `before_observations`, what that release published.
create or replace temp table told_before as
select
    observations.indicator,
    observations.period,
    observations.territory_id,
    before.obs_status = 'Q' as was_hidden
from indicators.observations as observations
inner join parts.rules as rules on observations.indicator = rules.indicator and rules.min_units is not null
inner join before_observations as before
    on
        observations.indicator = before.indicator
        and observations.period = before.period
        and observations.territory_id = before.territory_id
where
    before.obs_status = 'Q'
    or (
        before.value = observations.value
        and before.numerator is not distinct from observations.numerator
        and before.denominator is not distinct from observations.denominator
    );
