-- Table macros, for who does not want to write joins: from observation('population', 'COM-35238').
create macro published.observation(asked_indicator, asked_territory) as table
    select
        period,
        value,
        numerator,
        denominator,
        coverage,
        obs_status,
        name,
        level
    from observations_named
    where
        territory_id = asked_territory
        and indicator = coalesce(
            (
                select new_name from renamed -- noqa: RF02
                where old_name = asked_indicator -- noqa: RF02
            ),
            asked_indicator
        )
    order by period;

create macro published.profile(asked_territory) as table
    with asked as (
        select * from comparisons
        where territory_id = asked_territory
    )

    select
        indicators.theme,
        indicators.title_fr,
        asked.value,
        indicators.unit_fr,
        asked.period,
        asked.level_rank,
        asked.level_count,
        asked.level_median,
        asked.indicator
    from asked
    inner join indicators on asked.indicator = indicators.indicator
    order by indicators.theme, asked.indicator;

create macro published.ranking(asked_indicator, asked_level) as table
    with asked as (
        select * from comparisons
        where
            indicator = coalesce(
                (
                    select new_name from renamed -- noqa: RF02
                    where old_name = asked_indicator -- noqa: RF02
                ),
                asked_indicator
            )
    ),

    today as (
        select * from territories
        where level = asked_level and valid_to is null
    )

    select
        asked.level_rank,
        today.name,
        asked.value,
        asked.period,
        asked.level_quartile,
        asked.territory_id
    from asked
    inner join today on asked.territory_id = today.territory_id
    order by asked.level_rank, asked.territory_id;

create macro published.similar(asked_territory) as table
    with alike as (
        select * from similar_territories
        where territory_id = asked_territory
    )

    select
        alike.similar_rank,
        territories.name,
        alike.distance,
        alike.shared_variables,
        alike.differing_variable,
        alike.similar_id
    from alike
    inner join territories
        on alike.similar_id = territories.territory_id and territories.valid_to is null
    order by alike.similar_rank;

create macro published.communes_of(asked_territory) as table
    select
        territory_id,
        code,
        name,
        population
    from territories
    where
        level = 'commune'
        and valid_to is null
        and asked_territory in (
            epci_id, ept_id, arrondissement_id, departement_id, region_id, country_id, collectivity_id
        )
    order by code;

create macro published.find_territory(words) as table
    select
        territory_id,
        level,
        code,
        name,
        population
    from territories
    where
        valid_to is null
        and contains(lower(strip_accents(name)), lower(strip_accents(words)))
    order by coalesce(population, -1) desc, territory_id asc;
