"""Cells: the values and comparisons of one indicator, put in place for every file of the API.

SQL writes each number as JSON; here they are only joined. Ordered aggregates of so many small
groups take ten times as long.
"""

from collections.abc import Iterator
from itertools import compress, groupby
from operator import itemgetter
from typing import Any

import duckdb
import numpy as np

from flows.publish.api.columns import Columns, alone, as_json
from flows.warehouse import shared_sql

NULL = "null"
NOTHING = frozenset((NULL,))
Spans = dict[int, tuple[int, int]]  # from where to where the territories of each file stand


def series_of(
    con: duckdb.DuckDBPyConnection, periods: list[str], spans: Spans
) -> Iterator[tuple[int, Columns]]:
    """What each file says of the indicator in the variable; nothing where it has no observation."""
    found = con.execute(shared_sql("api_cells")).fetchnumpy()
    where = found["position"], found["period_number"]
    shape = (max(end for _, end in spans.values()), len(periods))
    values, statuses = np.full(shape, NULL, object), np.full(shape, ord("-"), np.uint8)
    values[where], statuses[where] = found["value"], found["status"]
    coverage = np.full(shape, 1.0)
    coverage[where] = np.ma.filled(found["coverage"], 1.0)
    # Which of the periods any territory of a file has, for all files at once.
    starts = [start for start, _ in spans.values()]
    kept = np.logical_or.reduceat(statuses != ord("-"), starts, axis=0)
    rows = values.tolist()
    for (number, (start, end)), of_file in zip(spans.items(), kept, strict=True):
        if of_file.any():
            columns = np.flatnonzero(of_file)
            yield (
                number,
                {
                    "periods": as_json([periods[each] for each in columns]),
                    "values": _values(rows[start:end], of_file.tolist()),
                    "statuses": as_json(_letters(statuses[start:end, columns])),
                    "coverage": _coverage(coverage[start:end, columns]),
                },
            )


def _values(rows: list[list[str]], kept: list[bool]) -> str:
    """A list for each territory of those periods that its file has; null where it has no value."""
    if not all(kept):
        rows = [list(compress(row, kept)) for row in rows]
    told = [NULL if NOTHING.issuperset(row) else f"[{','.join(row)}]" for row in rows]
    return f"[{','.join(told)}]"


def _letters(statuses: Any) -> str | list[str]:
    letters, width = statuses.tobytes().decode("ascii"), statuses.shape[1]
    rows: str | list[str] = alone([letters[i : i + width] for i in range(0, len(letters), width)])
    return rows


def _coverage(rows: Any) -> str:
    """A list for each territory that is not wholly covered; null where all are."""
    partial = (rows < 1).any(axis=1)
    if not partial.any():
        return NULL
    told = zip(rows.tolist(), partial.tolist(), strict=True)
    return as_json([row if is_partial else None for row, is_partial in told])


def compared_of(con: duckdb.DuckDBPyConnection, spans: Spans) -> Iterator[tuple[int, Columns]]:
    """How the territories of each file compare by the indicator; nothing where none does."""
    found = con.execute(shared_sql("api_compared")).fetchnumpy()
    where = found.pop("position")
    size = max(end for _, end in spans.values())
    known = np.zeros(size, bool)
    known[where] = True
    are_known = np.logical_or.reduceat(known, [start for start, _ in spans.values()]).tolist()
    columns = {name: _spread(size, where, cells) for name, cells in found.items()}
    for (number, (start, end)), is_known in zip(spans.items(), are_known, strict=True):
        if is_known:
            yield number, {name: _column(name, cells[start:end]) for name, cells in columns.items()}


def _spread(size: int, where: Any, cells: Any) -> list[str]:
    column = np.full(size, NULL, object)
    column[where] = cells
    told: list[str] = column.tolist()
    return told


def _column(name: str, cells: list[str]) -> str:
    """As a list; null if nothing is known. The period of the start mostly stands alone."""
    if name == "level_quartile":
        return f'"{"".join(cells).replace(NULL, "-")}"'
    if name == "start_period" or NOTHING.issuperset(cells):
        cell = alone(cells)
        return cell if isinstance(cell, str) else f"[{','.join(cells)}]"
    return f"[{','.join(cells)}]"


def groups_of(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, int], dict[str, Any]]:
    """By indicator and file: period, count and median of the level, of each parent and size."""
    rows = con.execute(shared_sql("api_groups")).fetchall()
    return {key: _groups(list(told)) for key, told in groupby(rows, itemgetter(0, 1))}


def _groups(rows: list[tuple[str, int, str, str, int, float]]) -> dict[str, Any]:
    told: dict[str, Any] = {"parents": {}, "sizes": {}}
    for _, _, kind, group, count, median in rows:
        number = int(median) if median == int(median) else median
        if kind == "level":
            told |= {"period": group, "level_count": count, "level_median": number}
        else:
            told[kind][group] = (count, number)
    return told
