"""Stage: the data rows of a CSV as a relation of text columns c1, c2 … that DuckDB reads.

A file whose every line is one row is read by DuckDB where it stands, and proven to be read as
Python reads it. Any other is first read by Python and written out, one row a line. In both, null
is a cell that the row does not have, and '' an empty one.
"""

import csv
import json
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from flows.steps.validate.reading.dialect import DELIMITERS
from flows.steps.validate.reading.lines import ABSENT, count_plain_lines
from flows.steps.validate.reading.rows import Row
from flows.steps.validate.verdict import Fault

MAX_LINE_BYTES = 1 << 21  # so small a buffer lets two threads share a file of 20 MB
MAX_FAST_COLUMNS = 1000


class NotProvenError(Exception):
    """DuckDB may not read this file as Python does."""


@dataclass(frozen=True)
class Stage:
    """`scan` gives c1 … cn and `extra1`, `extra2`; `numbered` has also row_number, line, extra.

    `prove` raises NotProvenError unless the number of data rows is what the file must have.
    `stopped` says where reading broke off; `swallowing` are the rows in which a quote is not
    closed, or not before it has eaten other rows.
    """

    scan: str
    numbered: str
    prove: Callable[[int], None]
    is_file: bool = True
    stopped: Fault | None = None
    swallowing: tuple[int, ...] = ()
    first: int = 2  # the number of the first row

    def keep(self, con: duckdb.DuckDBPyConnection) -> "Stage":
        """The same rows in a table, whose rows have numbers that need no counting.

        Numbering the rows of a file takes one thread; reading it into a table takes all.
        """
        if not self.is_file:
            return self
        con.execute(f"create or replace table staged as from {self.scan}")
        numbered = _number("staged", f"rowid + {self.first}")
        return replace(self, scan="staged", numbered=numbered, is_file=False)


def stage_in_place(path: Path, delimiter: str, columns: int, first: int = 2) -> Stage:
    """The rows of a plain UTF-8 CSV, whose first line is its header; *first* numbers the first."""
    names = [*(f"c{n}" for n in range(1, columns + 1)), "extra1", "extra2"]
    scan = _read_csv(path, names, delimiter, "header = true, null_padding = true")
    meanwhile = ThreadPoolExecutor(1)  # counts while DuckDB is at work
    lines = meanwhile.submit(count_plain_lines, path, delimiter)
    meanwhile.shutdown(wait=False)
    numbered = _number(scan, f"row_number() over () + {first - 1}")
    return Stage(scan, numbered, lambda rows: _prove(lines.result(), rows), first=first)


def _number(scan: str, number: str) -> str:
    return (
        f"(select {number} as row_number, row_number as line, *,"
        f" case when extra1 is null then [] else [extra1] end as extra from {scan})"
    )


def _prove(lines: int | None, rows: int) -> None:
    """Raise NotProvenError unless every line is one row that both read alike."""
    if lines != rows + 1:
        raise NotProvenError


def stage_rows(path: Path, rows: Iterable[Row], columns: int) -> Stage:
    """The rows that Python reads, written to *path* as DuckDB reads them without a doubt."""
    swallowing: list[int] = []
    longest, stopped = _write_rows(path, rows, columns, swallowing)
    names = ["row_number", "line", *(f"c{n}" for n in range(1, columns + 1)), "extra"]
    size = max(MAX_LINE_BYTES, 4 * longest)
    scan = "(select * exclude (extra), extra as extra1, null as extra2 from {})".format(
        _read_csv(path, names, ",", r"header = false, new_line = '\n'", size)
    )
    numbered = (
        "(select * replace"
        " (cast(row_number as bigint) as row_number, cast(line as bigint) as line),"
        f" from_json(coalesce(extra1, '[]'), '[\"VARCHAR\"]') as extra from {scan})"
    )
    return Stage(scan, numbered, lambda _: None, False, stopped, tuple(swallowing))


def _write_rows(
    path: Path, rows: Iterable[Row], columns: int, swallowing: list[int]
) -> tuple[int, Fault | None]:
    """Write *rows*; the characters of the longest, and why reading stopped before the end."""
    longest = number = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        write = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow
        try:
            for number, line, last, cells, is_open in rows:
                if is_open or (last > line and _has_eaten_rows(cells, columns)):
                    swallowing.append(number)
                longest = max(longest, write([number, line, *_fit(cells, columns)]))
        except UnicodeDecodeError as error:
            why = f"{error}, soon after row {number}"  # it is read some lines ahead
            return longest, Fault("encoding-error", None, None, None, None, expected=why)
        except csv.Error as error:
            return longest, Fault("source-error", None, None, None, None, expected=str(error))
    return longest, None


def _fit(cells: list[str], columns: int) -> list[str]:
    """*cells* as wide as the header, and those beyond it as JSON."""
    if len(cells) == columns:
        return [*cells, ABSENT]
    if len(cells) < columns:
        return [*cells, *[ABSENT] * (columns - len(cells) + 1)]
    return [*cells[:columns], json.dumps(cells[columns:])]


def _read_csv(
    path: Path, names: Iterable[str], delimiter: str, options: str, size: int = MAX_LINE_BYTES
) -> str:
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
    where = str(path).replace("'", "''")
    mark = delimiter.replace("'", "''")
    return (
        f"read_csv('{where}', columns = {{{columns}}}, delim = '{mark}', quote = '\"',"
        f" escape = '\"', nullstr = '{ABSENT}', auto_detect = false, strict_mode = true,"
        f" max_line_size = {size}, buffer_size = {2 * size}, {options})"
    )


def _has_eaten_rows(cells: list[str], columns: int) -> bool:
    """Whether a cell of several lines holds a whole row: a line with as many marks, or more.

    With one or two columns, any line of prose would look like one.
    """
    lines = [line for cell in cells if "\n" in cell for line in cell.split("\n")[1:]]
    return columns > 2 and any(
        line.count(mark) >= columns - 1 for line in lines for mark in DELIMITERS
    )
