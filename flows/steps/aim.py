"""Aim: how far each target is, and whether the pace so far leads to it."""

import duckdb

from flows.catalog import Catalog, Target
from flows.errors import CatalogError
from flows.warehouse import query_errors, quote_row, run_query, shared_sql, transaction

GIVEN = ("initial_period", "initial_value", "target_period", "target_value")


def build_targets(con: duckdb.DuckDBPyConnection, catalog: Catalog) -> None:
    """Make indicators.targets from catalog/targets/ and indicators.observations, as disclosed.

    A target is on track when the pace since the start, in units a year, is at least that which the
    time left asks for. Raises CatalogError when a target's SQL does not give its columns, or speaks
    of an indicator or territory that is not published.
    """
    con.execute(shared_sql("targets_declared"))
    for target in catalog.targets.values():
        _insert(con, target, catalog.queries["targets"].get(target.name))
    if strange := con.execute(shared_sql("targets_strange")).fetchone():
        name, indicator, territory = strange
        problem = f"{indicator} of {territory} is not published"
        raise CatalogError(f"catalog/targets/{name}", problem, "give an indicator and a territory")
    con.execute(shared_sql("targets"))


def _insert(con: duckdb.DuckDBPyConnection, target: Target, query: str | None) -> None:
    """One row as its YAML says, or those of its SQL."""
    told = [target.name, target.title.fr, target.title.en, target.reference]
    if target.initial and target.due:
        start, due = target.initial, target.due
        row = [*told, target.indicator, target.territory_id, start.period, start.value]
        row += [due.period, due.value, due.change_percent]
        con.execute(f"insert into parts.targets values ({quote_row(row)})")
    elif query:
        where = f"catalog/targets/{target.name}.sql"
        rows = run_query(con, query, where)
        columns = ", ".join(("indicator", "territory_id", *GIVEN))
        with query_errors(where), transaction(con):
            rows.project(columns).create("parts.targets_given")
        con.execute(
            f"insert into parts.targets select {quote_row(told)}, {columns}, null"
            " from parts.targets_given"
        )
        con.execute("drop table parts.targets_given")
