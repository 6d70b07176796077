"""Read: the values that a barometer asks for, level by level, as numpy arrays."""

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
import numpy as np
from numpy.typing import NDArray

from flows.catalog.barometers import Barometer
from flows.steps.barometer.panel import Floats, Ints
from flows.warehouse import shared_sql

Texts = NDArray[np.object_]


@dataclass(frozen=True)
class LevelData:
    """What is known at one level: `values` is territories by indicators, NaN where nothing is.

    `indicators` are all of the barometer, in its order; `periods` says of which period each is,
    empty where it has no value here. `parents` are places among the parents.
    """

    level: str
    territories: list[str]
    parents: Ints
    indicators: list[str]
    periods: list[str]
    values: Floats


def read_levels(con: duckdb.DuckDBPyConnection, barometer: Barometer) -> Iterator[LevelData]:
    """The data of each level of *barometer* at which there are territories."""
    territories = con.sql(shared_sql("barometer_territories")).fetchnumpy()
    rows = con.sql(shared_sql("barometer_values")).fetchnumpy()
    for level in barometer.levels:
        here = territories["level"] == level
        if here.any():
            inside = {name: column[here] for name, column in territories.items()}
            at = (rows["level"] == level) & (rows["barometer"] == barometer.name)
            known = {name: column[at] for name, column in rows.items()}
            yield _pivot(level, inside, known, list(barometer.components))


def _pivot(
    level: str, territories: dict[str, Texts], known: dict[str, Texts], indicators: list[str]
) -> LevelData:
    names = list(territories["territory_id"])
    row_of = {name: place for place, name in enumerate(names)}
    column_of = {name: place for place, name in enumerate(indicators)}
    rows = [row_of[name] for name in known["territory_id"]]
    columns = [column_of[name] for name in known["indicator"]]
    values = np.full((len(names), len(indicators)), np.nan)
    values[rows, columns] = known["value"]
    period_of = dict(zip(known["indicator"], known["period"], strict=True))
    periods = [str(period_of.get(name, "")) for name in indicators]
    _, parents = np.unique(territories["parent_id"].astype(str), return_inverse=True)
    return LevelData(level, names, parents.astype(np.int64), indicators, periods, values)
