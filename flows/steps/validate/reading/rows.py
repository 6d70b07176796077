"""Rows: a CSV read row by row by Python, exactly as frictionless reads it."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple, NoReturn, TextIO

from flows.errors import SourceError
from flows.steps.validate.reading.dialect import (
    BUFFER_BYTES,
    Dialect,
    find_encoding,
    find_header,
    sniff,
)

SAMPLE = 100  # lines to sniff, and rows to find the header in
MAX_ROW_CHARS = 5_000_000  # DuckDB's buffers are a few times as long as a row
csv.field_size_limit(2**31 - 1)


class Row(NamedTuple):
    """`number` counts parsed rows from 1; `line` is the line on which it begins, `last` ends.

    `is_open`: a quote is opened in it, and the file ends before it is closed.
    """

    number: int
    line: int
    last: int
    cells: list[str]
    is_open: bool = False


@dataclass
class Table:
    """The head of a CSV: its whole dialect, its labels, and its data rows, to be read once.

    Reading rows may raise UnicodeDecodeError or csv.Error.
    """

    path: Path
    dialect: Dialect
    labels: list[str]
    rows: Iterator[Row]
    is_empty: bool
    is_csv: bool = True
    header_lines: int = 1
    dropped: int = 0  # lines that were left out before the first data row, and count
    is_header_open: bool = False
    text: TextIO | None = None

    def close(self) -> None:
        """Close the file."""
        if self.text:
            self.text.close()


def open_table(path: Path, dialect: Dialect, name: str = "", dropped: int = 0) -> Table:
    """The table in the text file *path*, which people know as *name*.

    *dropped* lines were left out of it, which count in the numbers of rows and lines.

    Raises LookupError (encoding not known), UnicodeDecodeError and csv.Error.
    """
    with path.open("rb") as file:
        encoding = find_encoding(file.read(BUFFER_BYTES), dialect.encoding)
    text = path.open(encoding=encoding, newline="")
    try:
        source = _Source(path, text, name or path.name, dropped)
        return _read_head(source, replace(dialect, encoding=encoding))
    except BaseException:
        text.close()
        raise


class _Source(NamedTuple):
    path: Path
    text: TextIO
    name: str
    dropped: int


def _read_head(source: _Source, dialect: Dialect) -> Table:
    path, text, name, dropped = source
    bounded = read_lines(text, name, dropped)
    lines = list(islice(bounded, SAMPLE))
    dialect = sniff(dialect, lines)
    rows = _number(chain(lines, bounded), dialect, name, dropped)
    sample = list(islice(rows, SAMPLE))
    dialect = find_header(dialect, [row.cells for row in sample])
    header = [row for row in sample if _is_header(row, dialect)]
    content = (_shift(row, dropped) for row in chain(sample, rows) if _is_content(row, dialect))
    labels = _join_labels([row.cells for row in header], dialect.header_join)
    is_empty = not labels and not any(_is_content(row, dialect) for row in sample)
    header_lines = header[-1].last if header else 0
    is_open = any(row.is_open for row in header)
    return Table(
        path,
        dialect,
        labels,
        content,
        is_empty,
        header_lines=header_lines,
        dropped=dropped,
        is_header_open=is_open,
        text=text,
    )


def read_lines(text: TextIO, name: str, dropped: int = 0) -> Iterator[str]:
    """The lines of *text*, from where it stands, none so long that it fills the memory."""
    number = dropped
    while line := text.readline(MAX_ROW_CHARS + 1):
        number += 1
        if len(line) > MAX_ROW_CHARS:
            _refuse_long_row(name, number)
        yield line


def _refuse_long_row(name: str, line: int) -> NoReturn:
    raise SourceError(
        name,
        f"the row that begins on line {line:,} has more than {MAX_ROW_CHARS:,} characters",
        "close the quotation mark that it opens, or see whether the file is a CSV",
    )


def _shift(row: Row, by: int) -> Row:
    if not by:
        return row
    return Row(row.number + by, row.line + by, row.last + by, row.cells, row.is_open)


def _number(lines: Iterator[str], dialect: Dialect, name: str, dropped: int) -> Iterator[Row]:
    options = dialect.reader_options()
    taken: list[str] = []  # the lines of one row
    reader = csv.reader(_note(lines, taken, name, dropped), **options)
    row, before, latest = None, 0, ""
    for number, cells in enumerate(reader, start=1):
        if row:
            yield row
        row = Row(number, before + 1, reader.line_num, cells)
        before, latest = reader.line_num, "".join(taken)
        taken.clear()
    if row:
        yield row._replace(is_open=_is_open(latest, options))


def _note(lines: Iterator[str], taken: list[str], name: str, dropped: int) -> Iterator[str]:
    length = 0
    for number, line in enumerate(lines, start=1):
        length = length + len(line) if taken else len(line)
        if length > MAX_ROW_CHARS:
            _refuse_long_row(name, dropped + number - len(taken))
        taken.append(line)
        yield line


def _is_open(text: str, options: Mapping[str, Any]) -> bool:
    """Whether a row ends within quotes."""
    try:
        list(csv.reader([text], **options, strict=True))
    except csv.Error as error:
        return "end of data" in str(error)
    return False


def _is_header(row: Row, dialect: Dialect) -> bool:
    return (
        bool(dialect.header)
        and row.number in (dialect.header_rows or ())
        and dialect.keeps(row.number, row.cells)
    )


def _is_content(row: Row, dialect: Dialect) -> bool:
    return row.number >= dialect.first_content_row and dialect.keeps(row.number, row.cells)


def _join_labels(rows: list[list[str]], join: str) -> list[str]:
    """One label a column; labels on several rows are joined, but for one that repeats itself."""
    labels: list[str] = []
    before: dict[int, str] = {}
    for cells in rows:
        for index, cell in enumerate(cell.strip() for cell in cells):
            if before.get(index) == cell:
                continue
            before[index] = cell
            if len(labels) <= index:
                labels.append(cell)
            else:
                labels[index] = join.join([labels[index], cell])
    return labels
