-- One row per observation that is not as it was, and why; columns as in schemas/published/delta.json.
create or replace temp view delta as
select
    changed.indicator,
    changed.territory_id,
    changed.period,
    changed.change,
    changed.old_value,
    changed.old_status,
    changed.new_value,
    changed.new_status,
    coalesce(
        nullif(
            concat_ws(
                ';',
                case when changed.change = 'added' and causes.is_new then 'new_indicator' end,
                case when changed.change = 'deleted' and causes.is_gone then 'removed_indicator' end,
                case when causes.has_new_file then 'source_file' end,
                case when causes.has_other_corrections then 'correction' end,
                case when causes.has_other_method then 'method' end,
                case when moved.territory_id is not null then 'geography' end,
                case when (changed.old_status = 'Q') != (changed.new_status = 'Q') then 'secrecy' end
            ),
            ''
        ),
        getvariable('otherwise')
    ) as reasons
from changed_observations as changed
inner join causes on changed.indicator = causes.indicator
left join moved_territories as moved on changed.territory_id = moved.territory_id;
