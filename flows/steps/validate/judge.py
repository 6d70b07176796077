"""Judge: a table against a Table Schema, in as few readings as its state allows.

A valid file is read once. Of one that is not, the rows that are not surely right are set aside,
frictionless is asked about the cells of which DuckDB cannot be sure, and only what is wrong stays.
"""

from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from flows.steps.validate.ask import ask_frictionless
from flows.steps.validate.query import (
    BAD_ROW,
    Column,
    judge_checks,
    judge_rows,
    judge_shape,
    select_values,
)
from flows.steps.validate.reading.stage import NotProvenError, Stage
from flows.steps.validate.rules.expressions import quote

PARQUET = "format parquet, compression zstd"
CELL_CHARS = 1000  # of a cell that is kept as an example
FAULTS = """create or replace table faults (
    row_number bigint, line bigint, position bigint, field varchar, type varchar, rule varchar,
    cell varchar
)"""


@dataclass(frozen=True)
class RowCheck:
    """A check beyond the schema's own: SQL that is false on a row that breaks it."""

    sql: str
    type: str
    field: str | None
    number: int
    expected: str


@dataclass
class Judgement:
    """One table under judgement. `bad` holds the rows set aside, `faults` what is wrong in them."""

    con: duckdb.DuckDBPyConnection
    folder: Path
    stage: Stage
    columns: list[Column]
    checks: list[RowCheck] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    asked: dict[int, Column] = field(default_factory=dict)
    edition: int | None = None
    rows: int = 0

    @property
    def values(self) -> str:
        """The rows with the text and the value of every cell."""
        return select_values(self.columns, self.stage.scan)

    @property
    def tests(self) -> list[str]:
        """The checks of a row as SQL."""
        return [check.sql for check in self.checks]

    @property
    def numbered(self) -> str:
        """The same with row numbers, read by one thread."""
        return select_values(self.columns, self.stage.numbered)

    def count(self, query: str) -> int:
        """The one number that *query* gives."""
        return int(self.con.execute(query).fetchall()[0][0])

    def find_columns(self, tests: dict[int, str], rows: str) -> set[int]:
        """The numbers of the columns whose test, a piece of SQL, is true in any of *rows*."""
        # DuckDB plans a list at once, and a thousand aggregates in many seconds.
        numbers = ", ".join(f"case when {test} then {number} end" for number, test in tests.items())
        found = self.con.execute(f"select distinct unnest([{numbers}]::integer[]) from {rows}")
        return {number for (number,) in found.fetchall() if number is not None}

    def ask_always(self) -> None:
        """Ask frictionless about all columns that only it can judge."""
        numbers = [each.number for each in self.columns if each.compiled.needs_frictionless]
        self._ask({number: self._distinct(number, self.values, "true") for number in numbers})

    def ask_doubts(self) -> bool:
        """Ask frictionless about the cells of bad rows that DuckDB is not sure of, if any."""
        doubtful = [each for each in self.columns if each.has_checks and not each.is_asked]
        if not doubtful:
            return False
        bad = select_values(self.columns, "bad")
        found = self.find_columns({each.number: each.doubt for each in doubtful}, bad)
        self._ask(
            {
                each.number: self._distinct(each.number, bad, each.doubt)
                for each in doubtful
                if each.number in found
            }
        )
        return any(found)

    def _distinct(self, number: int, rows: str, where: str) -> str:
        return (
            f"select distinct f{number} as cell from {rows} where f{number} is not null and {where}"
        )

    def _ask(self, cells: dict[int, str]) -> None:
        if not cells:
            return
        asked = {number: self.columns[number - 1] for number in cells}
        ask_frictionless(self.con, self.folder, asked, cells)
        self.asked |= asked
        for number, column in asked.items():
            self.columns[number - 1] = column.ask() if self._needs_join(column) else column.clear()
            self._note_untyped(column)

    def _note_untyped(self, column: Column) -> None:
        """Say how many values are valid and do not fit the type of the column that is written."""
        kind = column.compiled.duck_type
        lost = f"is_fine and value is not null and try_cast(value as {kind}) is null"
        if count := self.count(f"select count(*) from judged{column.number} where {lost}"):
            told = f"{count} distinct values of {column.field.name} are valid"
            self.notes.append(f"{told} and too large for {kind}: the typed rows hold null for them")

    def _needs_join(self, column: Column) -> bool:
        """Whether any cell is wrong, or worth a value that is not its text."""
        judged = f"judged{column.number}"
        only_text = column.compiled.needs_frictionless and column.compiled.duck_type == "VARCHAR"
        return (
            not only_text
            or column.is_key
            or self.count(f"select count(*) from {judged} where not is_fine") > 0
        )


def judge_verdict(case: Judgement) -> bool:
    """Count the rows, if all are surely right; the first that is not ends the reading."""
    right = judge_rows(case.columns, case.tests)
    return _count_right(case, f"select count({_or_stop(right, '1')}) from {case.values}")


def write_if_right(case: Judgement, path: Path) -> bool:
    """Write the typed rows to *path*, and count them, if all are surely right."""
    shape = " and ".join([*judge_shape(case.columns), *judge_checks(case.tests)])
    guarded = [_guard(column, shape) for column in case.columns]
    selected = ", ".join([*guarded, *_added(case)])
    rows, order = _in_order(case)
    return _count_right(case, f"copy (select {selected} from {rows}{order}) {_to(path)}")


def _count_right(case: Judgement, query: str) -> bool:
    """Count the rows with *query*, which fails on one that is not right."""
    try:
        case.rows = case.count(query)
    except duckdb.InvalidInputException as error:
        if BAD_ROW not in str(error):
            raise
        return False
    return True


def _or_stop(right: str, value: str) -> str:
    return f"case when {right} then {value} else error({quote(BAD_ROW)}) end"


def _guard(column: Column, shape: str) -> str:
    """The value of a column, if it is right; the first column answers for the row as a whole.

    A test for each column costs less than one for the row, which would compute them all anew.
    """
    tests = [f"({column.verdict})"] if column.has_tests else []
    tests += [shape] if column.number == 1 else []
    if not tests:
        return _value_as(column)
    right = " and ".join(tests)
    return f"{_or_stop(right, f'v{column.number}')} as {name(column)}"


def write_right(case: Judgement, path: Path, *, but_bad: bool) -> None:
    """Write the typed rows that are right to *path*; *but_bad*: all but those in `bad`."""
    selected = ", ".join([*map(_value_as, case.columns), *_added(case)])
    rows, order = _in_order(case)
    where = judge_rows(case.columns, case.tests)
    if but_bad:
        where = "row_number not in (select row_number from bad)"
        rows, order = case.numbered, " order by row_number"
    case.con.execute(f"copy (select {selected} from {rows} where {where}{order}) {_to(path)}")


def _in_order(case: Judgement) -> tuple[str, str]:
    """The rows, and what keeps them in the order of the file, which a join may not do."""
    if any(column.is_asked for column in case.columns):
        return case.numbered, " order by row_number"
    return case.values, ""


def _added(case: Judgement) -> list[str]:
    return [] if case.edition is None else [f"cast({case.edition} as bigint) as edition"]


def _value_as(column: Column) -> str:
    return f"v{column.number} as {name(column)}"


def name(column: Column) -> str:
    """The name of a column as a SQL identifier, which cannot be empty as a label can."""
    label = column.field.name or f"column_{column.number}"
    told = label.replace('"', '""').replace("\0", "\ufffd")  # a NUL would end the SQL
    return f'"{told}"'


def _to(path: Path) -> str:
    return f"to {quote(str(path))} ({PARQUET})"


def keep_none_bad(case: Judgement) -> None:
    """Make `bad` and `faults`, empty."""
    case.con.execute(FAULTS)
    case.con.execute(
        f"create or replace table bad as {select_bad(case, case.stage.numbered)} limit 0"
    )


def set_bad_aside(case: Judgement) -> None:
    """Make `bad`: the rows, as written, that are not right; frictionless has said what it must."""
    case.con.execute(FAULTS)
    case.stage = case.stage.keep(case.con)
    right = judge_rows(case.columns, case.tests)
    where = f"where ({right}) is not true"
    case.con.execute(f"create or replace table bad as {select_bad(case, case.numbered)} {where}")
    case.rows = case.count(f"select count(*) from {case.stage.scan}")
    case.stage.prove(case.rows)
    if case.count("select count(extra2) from bad"):
        raise NotProvenError  # DuckDB drops an empty cell beyond those that it was told of
    if case.ask_doubts():
        right = judge_rows(case.columns, case.tests)
        judged = select_values(case.columns, "bad")
        case.con.execute(
            f"delete from bad where row_number in (select row_number from {judged} where {right})"
        )


def select_bad(case: Judgement, rows: str) -> str:
    """*rows* in the columns of `bad`."""
    cells = ", ".join(f"c{column.number}" for column in case.columns)
    return f"select row_number, line, {cells}, extra, extra1, extra2 from {rows}"
