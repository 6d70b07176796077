-- members_before(before, now): one row per territory of the release before and commune of today that it added
-- up, from the tables of territories of both; a commune that has merged since is in its successor.
-- noqa: disable=RF02, since the parameters of a macro are not columns
create or replace temp macro members_before(before, now) as table (

    with

    communes as (

        select
            old.epci_id,
            old.ept_id,
            old.arrondissement_id,
            old.departement_id,
            old.region_id,
            old.country_id,
            coalesce(gone.successor_id, old.territory_id) as part_id
        from query_table(before) as old
        left join
            query_table(now) as today
            on old.territory_id = today.territory_id and today.valid_to is null
        left join query_table(now) as gone
            on
                old.territory_id = gone.territory_id
                and today.territory_id is null
                and old.valid_from < gone.valid_to
        where old.level = 'commune' and old.valid_to is null and old.collectivity_id is null

    )

    select distinct
        upper_id as territory_id,
        part_id
    from communes
    unpivot (
        upper_id for level in (epci_id, ept_id, arrondissement_id, departement_id, region_id, country_id)
    )

);
