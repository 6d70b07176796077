"""Disclose: hide what speaks of too few, and what this could be computed from.

First the cells under the thresholds of their indicator, then more cells, chosen to lose the fewest
inhabitants, until a reader of all that is published cannot place any number that is under secrecy.
Nothing of what is published tells which cells were hidden first. What the release before hid stays
hidden; what it told is known, so that it protects nothing any more.
"""

from collections.abc import Mapping
from pathlib import Path

import duckdb

from flows.catalog import Indicator
from flows.errors import PromiseError
from flows.warehouse import quote_text, shared_sql, transaction

COLUMNS = ("numerator", "denominator")
LOOK = (
    "create or replace temp view before_observations as from {};"
    " create or replace temp view before_territories as from {}"
)
QUERIES = ("disclose_before", "members_before", "disclose_before_map")
Column = tuple[str, str]  # of an indicator: one of these


def disclose(
    con: duckdb.DuckDBPyConnection,
    every: Mapping[str, Indicator],
    before: Path | None = None,
    cache: Path | None = None,
) -> int:
    """Hide observations of those of *every* indicator under secrecy; how many were hidden.

    *before* is the jalon.duckdb of the release before. What was found for the same tables is kept
    in the folder *cache*. `parts.known_before` gets what nothing can keep from who has the release
    before. Raises PromiseError when a number under secrecy could still be computed.
    """
    con.execute(shared_sql("disclose_cells"))
    groups = find_groups(con) if any(each.secrecy != "none" for each in every.values()) else []
    if groups:  # only then, since linear programs take long to import
        from flows.steps.disclose.cached import protect_cached
        from flows.steps.disclose.read import read_table

        con.execute(shared_sql("disclose_parts"))
        read_before(con, before)
    for names, period, open_columns in groups:
        table = read_table(con, [every[name] for name in names], period, open_columns)
        if table is not None:
            hidden, known = protect_cached(table, names[0], cache)
            _note(con, "hidden_cells", names, period, hidden)
            _note(con, "parts.known_before", names, period, known)
    con.execute(shared_sql("disclose_marked"))
    return int(con.execute(shared_sql("disclose_hide")).fetchall()[0][0])


def find_groups(con: duckdb.DuckDBPyConnection) -> list[tuple[list[str], str, set[Column]]]:
    """Indicators of one period that share a column of counts, and are hidden together.

    With each group: its columns that another indicator publishes without secrecy, which there is no
    use in hiding.
    """
    shown: set[tuple[str, int]] = set()
    secret: list[tuple[str, str, dict[str, int]]] = []
    for name, period, is_secret, *hashes in con.execute(shared_sql("disclose_tables")).fetchall():
        # A sum has no denominator: that two sums have none does not make them the same.
        told = {c: h for c, h in zip(COLUMNS, hashes, strict=True) if h is not None}
        if is_secret:
            secret.append((name, period, told))
        else:
            shown |= {(period, each) for each in told.values()}
    groups: list[tuple[list[str], str, set[Column], set[int]]] = []
    for name, period, told in secret:
        columns = {(name, column) for column, h in told.items() if (period, h) in shown}
        names, counts = [name], set(told.values())
        for group in [each for each in groups if each[1] == period and each[3] & counts]:
            groups.remove(group)
            names, columns, counts = group[0] + names, group[2] | columns, group[3] | counts
        groups.append((names, period, columns, counts))
    return [group[:3] for group in groups]


def read_before(con: duckdb.DuckDBPyConnection, before: Path | None) -> None:
    """Make told_before and told_totals; empty where there is no release before.

    Raises PromiseError when it cannot be read: what it hides could not be kept hidden.
    """
    if before is None:
        nothing = ("indicators.observations where false", "core.territories where false")
        con.execute(LOOK.format(*nothing))
        _look_before(con)
        return
    try:
        con.execute(f"attach {quote_text(before)} as before (read_only)")
        con.execute(LOOK.format("before.observations", "before.territories"))
    except duckdb.Error as error:
        problem = "cannot be read, so that what it hides could not be kept hidden"
        raise PromiseError(str(before), problem, "restore this release, or take it away") from error
    try:
        _look_before(con)
    finally:
        con.execute("drop view before_observations; drop view before_territories; detach before")


def _look_before(con: duckdb.DuckDBPyConnection) -> None:
    for name in QUERIES:
        con.execute(shared_sql(name))


def _note(
    con: duckdb.DuckDBPyConnection,
    target: str,
    names: list[str],
    period: str,
    territories: list[str],
) -> None:
    for name in names if territories else ():
        with transaction(con):
            query = f"insert into {target} select ?, ?, unnest(cast(? as varchar[]))"
            con.execute(query, [name, period, territories])
