"""Declare: zones that a source gives and territories of one's own → core.declared_members."""

import duckdb

from flows.catalog import Catalog, Source
from flows.errors import CatalogError, SourceError
from flows.warehouse import query_errors, shared_sql, transaction


def declare_territories(con: duckdb.DuckDBPyConnection, catalog: Catalog) -> None:
    """Make core.declared_members: one row per declared territory and commune of today in it.

    Raises CatalogError when a member is no territory of today, SourceError when a zone has no name.
    """
    con.execute(shared_sql("declared"))
    for territory in catalog.territories.values():
        told = [territory.territory_id, territory.title.fr, territory.since]
        rows = [[*told, member] for member in territory.members]
        con.executemany("insert into asked_members values (?, ?, ?, ?)", rows)
    _refuse_strangers(con)
    with transaction(con):
        con.execute(shared_sql("declared_members"))
    for source in catalog.sources.values():
        if source.zoning:
            _add_zones(con, source)


def _refuse_strangers(con: duckdb.DuckDBPyConnection) -> None:
    if found := con.execute(shared_sql("declared_strangers")).fetchone():
        territory, member, successors = found
        name = territory.removeprefix("USR-")
        hint = f"its ground lies in {successors} today: write that" if successors else "look it up"
        problem = f"{member} is no territory of today's map"
        raise CatalogError(f"catalog/territories/{name}.yml", problem, hint)


def _add_zones(con: duckdb.DuckDBPyConnection, source: Source) -> None:
    assert source.zoning is not None
    where = f"catalog/sources/{source.name}.yml"
    with query_errors(where), transaction(con):
        con.execute("create or replace temp table zone_names (zone_code varchar, name varchar)")
        names = [[code, name.fr] for code, name in source.zoning.names.items()]
        con.executemany("insert into zone_names values (?, ?)", names)
        rows = con.table(f"core.{source.name}")
        prefix, column = source.zoning.prefix, source.zoning.column
        rows.project(
            f"commune_code, published_commune_code, vintage, '{prefix}-' as prefix,"
            f" cast({column} as varchar) as zone_code"
        ).create_view("zoned", replace=True)
        con.execute(shared_sql("declared_zones"))
        con.execute("drop view zoned")
    if nameless := con.execute(shared_sql("declared_nameless")).fetchone():
        raise SourceError(
            source.name, f"zone {nameless[0]} has no name", f"add it to zoning: names: in {where}"
        )
