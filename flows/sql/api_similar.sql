-- One row per territory of a file of the API, in its order: the territories that are most like it, the
-- variables that they share, and the one in which they differ most, by their position among the variables
-- of the level. Communes have five, to keep the files small; the tables have ten.
with

variables as (

    select
        level,
        list(indicator order by indicator) as indicators
    from indicators.similarity_variables
    group by level

),

near as (

    select
        alike.territory_id,
        alike.similar_rank,
        alike.similar_id,
        round(alike.distance, 3) as distance,
        list_filter(
            list_transform(
                string_split(alike.shared_variables, ', '),
                lambda variable: list_position(variables.indicators, variable) - 1 -- noqa: RF02
            ),
            lambda number: number is not null -- noqa: RF02
        ) as shared,
        list_position(variables.indicators, alike.differing_variable) - 1 as differing
    from indicators.similar_territories as alike
    inner join variables on alike.level = variables.level
    where alike.similar_rank <= case alike.level when 'commune' then 5 else 10 end

),

lists as (

    select
        territory_id,
        list(similar_id order by similar_rank) as similar_ids,
        list(distance order by similar_rank) as distances,
        list(shared order by similar_rank) as shared,
        list(differing order by similar_rank) as differing
    from near
    group by territory_id

),

files as (

    select distinct places.file_number
    from api_places as places
    inner join lists on places.territory_id = lists.territory_id

)

select
    places.file_number,
    lists.similar_ids,
    lists.distances,
    lists.shared,
    lists.differing
from files
inner join api_places as places on files.file_number = places.file_number
left join lists on places.territory_id = lists.territory_id
order by places.position
