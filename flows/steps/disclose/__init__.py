"""Disclose: hide what speaks of too few, and what this could be computed from.

First the cells under the thresholds of their indicator, then more cells, chosen to lose the fewest
inhabitants, until a reader of all that is published cannot place any number that is under secrecy.
Nothing of what is published tells which cells were hidden first.
"""

from collections.abc import Iterable, Mapping

import duckdb
import numpy as np
from scipy import sparse

from flows.catalog import Indicator
from flows.errors import PromiseError
from flows.steps.disclose.protect import protect
from flows.steps.disclose.table import Table
from flows.warehouse import shared_sql, transaction

COLUMNS = ("numerator", "denominator")
MOST = 1e-9  # the units are decimals, and as doubles may lack as much


def disclose(con: duckdb.DuckDBPyConnection, every: Mapping[str, Indicator]) -> int:
    """Hide observations of those of *every* indicator under secrecy; how many were hidden.

    Raises PromiseError when a number under secrecy could still be computed.
    """
    con.execute(
        "create or replace temp table hidden_cells"
        " (indicator varchar, period varchar, territory_id varchar)"
    )
    for names, period, open_columns in find_groups(con):
        indicators = [every[name] for name in names]
        table = read_table(con, indicators, period, open_columns)
        if table is not None:
            protect(table, names[0])
            _note(con, names, period, table.hidden())
    con.execute(shared_sql("disclose_marked"))
    return int(con.execute(shared_sql("disclose_hide")).fetchall()[0][0])


Column = tuple[str, str]  # of an indicator: its numerator or its denominator


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


def read_table(
    con: duckdb.DuckDBPyConnection,
    indicators: list[Indicator],
    period: str,
    open_columns: set[tuple[str, str]],
) -> Table | None:
    """The cells of *indicators* in *period*; None if nobody stands behind any of them."""
    frames = [_read_parts(con, each, period) for each in indicators]
    first = frames[0]
    if not len(first["part_id"]):
        return None
    for indicator, frame in zip(indicators, frames, strict=True):
        if not np.array_equal(frame["part_id"], first["part_id"]):
            problem = f"shares counts with {indicators[0].name}, of other parts"
            raise PromiseError(f"catalog/indicators/{indicator.name}.yml", problem, "mend its SQL")
    member, names, costs = _read_members(con, list(first["part_id"]))
    rule = indicators[0].secrecy
    assert rule != "none"
    units, largest, numerator = first["unit_count"], first["largest"], first["numerator"]
    unit_sums = np.asarray(member @ units).ravel()
    part_primary = is_under(units, largest, numerator, rule.min_units, rule.dominance_percent)
    peaks = np.asarray(member.multiply(largest).max(axis=1).todense()).ravel()
    sums = np.asarray(member @ numerator).ravel()
    measures, shares = _read_measures(indicators, frames, open_columns)
    published = ~np.isin(first["obs_status"], ["", "O"])
    return Table(
        list(first["part_id"]),
        names,
        member,
        measures,
        first["population"],
        costs,
        published.copy(),
        np.ones(len(names), dtype=bool),
        part_primary,
        is_under(unit_sums, peaks, sums, rule.min_units, rule.dominance_percent),
        published,
        shares,
    )


def is_under(
    units: np.ndarray, largest: np.ndarray, total: np.ndarray, least: int, percent: float
) -> np.ndarray:
    """Where some units stand behind a number, but too few, or one that makes up most of it."""
    few = (units > 0) & (units < least - MOST)
    return few | ((total > 0) & (largest * 100 > total * percent))


def _read_parts(
    con: duckdb.DuckDBPyConnection, indicator: Indicator, period: str
) -> dict[str, np.ndarray]:
    for variable, value in (
        ("indicator", indicator.name),
        ("period", period),
        ("level", indicator.level),
        ("rollup", indicator.rollup),
    ):
        con.execute(f"set variable {variable} = '{value}'")
    columns = con.sql(shared_sql("disclose_parts")).fetchnumpy()
    columns["obs_status"] = np.asarray([each or "" for each in _plain(columns["obs_status"])])
    columns["part_id"] = np.asarray(_plain(columns["part_id"]))
    return {name: np.ma.filled(column, 0) for name, column in columns.items()}


def _plain(column: np.ndarray) -> list[str | None]:
    """Text, in which numpy masks what is null."""
    return [None if each is np.ma.masked else each for each in column]


def _read_members(
    con: duckdb.DuckDBPyConnection, parts: list[str]
) -> tuple[sparse.csr_matrix, list[str], np.ndarray]:
    """Which parts each territory adds up, its id, and its inhabitants."""
    rows = con.execute(shared_sql("disclose_members")).fetchall()
    place = {part: index for index, part in enumerate(parts)}
    told = {row[0]: float(row[2]) for row in rows}
    index = {name: number for number, name in enumerate(told)}
    pairs = [(index[row[0]], place[row[1]]) for row in rows if row[1] in place]
    at = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    shape = (len(index), len(parts))
    member = sparse.csr_matrix((np.ones(len(at)), (at[:, 0], at[:, 1])), shape=shape)
    return member, list(told), np.array(list(told.values()))


def _read_measures(
    indicators: list[Indicator],
    frames: list[dict[str, np.ndarray]],
    open_columns: Iterable[tuple[str, str]],
) -> tuple[dict[str, np.ndarray], set[str]]:
    """The numbers to keep, but those that another indicator tells, and which are parts of units."""
    units = frames[0]["unit_count"]
    is_open = any(column == "denominator" for _, column in open_columns)
    measures = {} if is_open else {"units": units}
    shares = set()
    for indicator, frame in zip(indicators, frames, strict=True):
        numerator = frame["numerator"]
        if (indicator.name, "numerator") in open_columns or np.array_equal(numerator, units):
            continue
        measures[indicator.name] = numerator
        if not is_open and (numerator <= units + MOST).all():
            shares.add(indicator.name)
    return measures, shares


def _note(
    con: duckdb.DuckDBPyConnection, names: list[str], period: str, territories: list[str]
) -> None:
    rows = [[name, period, territory] for name in names for territory in territories]
    if rows:
        with transaction(con):
            con.executemany("insert into hidden_cells values (?, ?, ?)", rows)
