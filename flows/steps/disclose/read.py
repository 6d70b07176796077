"""Read: the cells of a group of indicators, as the table that is protected."""

from collections.abc import Iterator

import duckdb
import numpy as np
from scipy import sparse

from flows.catalog import Indicator
from flows.errors import PromiseError
from flows.steps.disclose import Column
from flows.steps.disclose.table import Flags, Numbers, Table
from flows.warehouse import set_variable, shared_sql

MOST = 1e-9  # the units are decimals, and as doubles may lack as much
Frame = dict[str, np.ndarray]


def read_table(
    con: duckdb.DuckDBPyConnection,
    indicators: list[Indicator],
    period: str,
    open_columns: set[Column],
) -> Table | None:
    """The cells of *indicators* in *period*; None if nobody stands behind any of them.

    It reads what disclose_parts.sql and disclose_before.sql made.
    """
    set_variable(con, "period", period)
    frames = [_fetch(con, "disclose_part_rows", each) for each in indicators]
    first = frames[0]
    if not len(first["part_id"]):
        return None
    for indicator, frame in zip(indicators, frames, strict=True):
        if not np.array_equal(frame["part_id"], first["part_id"]):
            problem = f"shares counts with {indicators[0].name}, of other parts"
            raise PromiseError(f"catalog/indicators/{indicator.name}.yml", problem, "mend its SQL")
    parts = first["part_id"].tolist()
    member, names, costs = _read_members(con, indicators[0], len(parts))
    measures, open_measures, shares = _read_measures(indicators, frames, open_columns)
    hidden, told = _read_before(con, indicators, [*parts, *names])
    totals = _read_totals(con, indicators, len(parts))
    published = ~np.isin(first["obs_status"].astype(str), ["", "O"])
    part_primary, territory_primary = _find_primary(indicators, frames, member)
    size = totals.shape[0]
    nothing, every = np.zeros(size, dtype=bool), np.ones(size, dtype=bool)
    return Table(
        parts=parts,
        territories=names,
        member=sparse.vstack([member, totals]).tocsr(),
        measures=measures,
        part_cost=first["population"].astype(float),
        territory_cost=np.concatenate([costs, np.zeros(size)]),
        part_shown=published & ~hidden[: len(parts)],
        territory_shown=np.concatenate([~hidden[len(parts) :], nothing]),
        part_primary=part_primary,
        territory_primary=np.concatenate([territory_primary, nothing]),
        part_published=published,
        shares=shares,
        open_measures=open_measures,
        part_told=told[: len(parts)] & published,
        territory_told=np.concatenate([told[len(parts) :], every]),
    )


def _find_primary(
    indicators: list[Indicator], frames: list[Frame], member: sparse.csr_matrix
) -> tuple[Flags, Flags]:
    """The parts and territories that any of *indicators* must not tell."""
    territories, parts = (np.zeros(size, dtype=bool) for size in member.shape)
    for indicator, frame in zip(indicators, frames, strict=True):
        rule = indicator.secrecy
        assert rule != "none"
        least, percent = rule.min_units, rule.dominance_percent
        largest, total = frame["largest"], frame["numerator"]
        peaks = np.asarray(member.multiply(largest).tocsr().max(axis=1).todense()).ravel()
        totals = np.asarray(member @ total).ravel()
        parts |= is_under(frame["unit_count"], largest, total, least, percent)
        own_units = np.asarray(member @ frame["unit_count"]).ravel()
        territories |= is_under(own_units, peaks, totals, least, percent)
    return parts, territories


def is_under(
    units: np.ndarray, largest: np.ndarray, total: np.ndarray, least: int, percent: float
) -> np.ndarray:
    """Where some units stand behind a number, but too few, or one that makes up most of it."""
    few = (units > 0) & (units < least - MOST)
    return few | ((total > 0) & (largest * 100 > total * percent))


def _fetch(con: duckdb.DuckDBPyConnection, name: str, indicator: Indicator) -> Frame:
    set_variable(con, "indicator", indicator.name)
    set_variable(con, "level", indicator.level)
    rows = con.sql(shared_sql(name)).fetchnumpy()
    empty = {"numerator": np.nan, "denominator": np.nan}
    return {name: np.ma.filled(each, empty.get(name)) for name, each in rows.items()}


def _read_members(
    con: duckdb.DuckDBPyConnection, indicator: Indicator, count: int
) -> tuple[sparse.csr_matrix, list[str], Numbers]:
    """Which of the *count* parts each territory adds up, its id, and its inhabitants."""
    rows = _fetch(con, "disclose_members", indicator)
    numbers, first = np.unique(rows["territory_number"], return_index=True)
    is_known = rows["part_number"] >= 0
    at = rows["territory_number"][is_known], rows["part_number"][is_known]
    member = sparse.csr_matrix((np.ones(len(at[0])), at), shape=(len(numbers), count))
    return member, rows["territory_id"][first].tolist(), rows["population"][first].astype(float)


def _read_before(
    con: duckdb.DuckDBPyConnection, indicators: list[Indicator], cells: list[str]
) -> tuple[Flags, Flags]:
    """Which cells the release before hid, and which it told as they still are, for any of them."""
    place = {cell: number for number, cell in enumerate(cells)}
    hidden, told = np.zeros(len(cells), dtype=bool), np.zeros(len(cells), dtype=bool)
    for indicator in indicators:
        rows = _fetch(con, "disclose_before_rows", indicator)
        for cell, was_hidden in zip(rows["territory_id"], rows["was_hidden"], strict=True):
            if (number := place.get(cell)) is not None:
                (hidden if was_hidden else told)[number] = True
    return hidden, told


def _read_totals(
    con: duckdb.DuckDBPyConnection, indicators: list[Indicator], count: int
) -> sparse.csr_matrix:
    """What each territory of the map before adds up whose total is known, of *count* parts."""
    members: dict[str, set[int]] = {}
    for indicator in indicators:
        rows = _fetch(con, "disclose_told_totals", indicator)
        for territory, part in zip(rows["territory_id"], rows["part_number"], strict=True):
            members.setdefault(territory, set()).add(int(part))
    at = [(row, part) for row, name in enumerate(sorted(members)) for part in sorted(members[name])]
    where = tuple(np.array([each[end] for each in at], dtype=np.int64) for end in (0, 1))
    return sparse.csr_matrix((np.ones(len(at)), where), shape=(len(members), count))


def _read_measures(
    indicators: list[Indicator], frames: list[Frame], open_columns: set[Column]
) -> tuple[dict[str, Numbers], dict[str, Numbers], dict[str, str]]:
    """The numbers to keep, those that another indicator tells, and which are within which.

    Numbers that are equal are one measure, whatever columns they stand in.
    """
    kept: dict[str, Numbers] = {}
    told: dict[str, Numbers] = {}
    shares: dict[str, str] = {}
    for name, numbers, is_open in _columns(indicators, frames, open_columns):
        if _find_same(told, numbers) is None and is_open:
            told[name] = numbers
            kept = {each: n for each, n in kept.items() if not np.array_equal(n, numbers)}
        elif _find_same(kept | told, numbers) is None:
            kept[name] = numbers
    for frame in frames:
        own = _find_same(kept, frame["numerator"])
        for numbers in (frame["denominator"], frame["unit_count"]):
            whole = _find_same(kept | told, numbers)
            if own and whole and own != whole and (frame["numerator"] <= numbers + MOST).all():
                shares.setdefault(own, whole)
    return kept, told, shares


def _columns(
    indicators: list[Indicator], frames: list[Frame], open_columns: set[Column]
) -> Iterator[tuple[str, Numbers, bool]]:
    """Name, numbers, and whether another indicator tells them, of each column of counts."""
    for indicator, frame in zip(indicators, frames, strict=True):
        if not np.isnan(frame["denominator"]).any():
            is_open = (indicator.name, "denominator") in open_columns
            yield f"{indicator.name}/denominator", frame["denominator"], is_open
        yield indicator.name, frame["numerator"], (indicator.name, "numerator") in open_columns


def _find_same(measures: dict[str, Numbers], numbers: Numbers) -> str | None:
    return next((name for name, each in measures.items() if np.array_equal(each, numbers)), None)
