"""Read: the cells of a group of indicators, as the table that is protected."""

import duckdb
import numpy as np
from scipy import sparse

from flows.catalog import Indicator
from flows.errors import PromiseError
from flows.steps.disclose import Column
from flows.steps.disclose.table import Table
from flows.warehouse import set_variable, shared_sql

MOST = 1e-9  # the units are decimals, and as doubles may lack as much


def read_table(
    con: duckdb.DuckDBPyConnection,
    indicators: list[Indicator],
    period: str,
    open_columns: set[Column],
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
        parts=list(first["part_id"]),
        territories=names,
        member=member,
        measures=measures,
        part_cost=first["population"],
        territory_cost=costs,
        part_shown=published.copy(),
        territory_shown=np.ones(len(names), dtype=bool),
        part_primary=part_primary,
        territory_primary=is_under(unit_sums, peaks, sums, rule.min_units, rule.dominance_percent),
        part_published=published,
        shares=shares,
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
    set_variable(con, "indicator", indicator.name)
    set_variable(con, "period", period)
    set_variable(con, "level", indicator.level)
    set_variable(con, "rollup", indicator.rollup)
    return con.sql(shared_sql("disclose_parts")).fetchnumpy()


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
    open_columns: set[Column],
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
