"""Sheets: a sheet of a workbook (XLSX, XLS, ODS) as a table of text."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.errors import SourceError
from flows.steps.validate.reading.rows import Row
from flows.steps.validate.reading.workbook import is_encrypted, read_errors, refuse_bomb

if TYPE_CHECKING:
    from flows.catalog.models import Layout


def read_sheet(path: Path, name: str, layout: "Layout") -> tuple[list[str], Iterator[Row]]:
    """The labels and the data rows of the sheet that *layout* tells; rows number as in the sheet.

    A formula gives the value that was computed last. Raises SourceError when there is no such
    sheet, or a column holds data and has no label.
    """
    grid = _load(path, name, layout.sheet)
    if len(grid) < layout.header_row:
        problem = f"has {len(grid)} rows, and no header in row {layout.header_row}"
        raise SourceError(name, problem, "mend layout: in its YAML")
    labels = [" ".join(_as_text(cell).split()) for cell in grid[layout.header_row - 1]]
    first = layout.header_row + layout.skipped_rows
    width = _measure(name, labels, grid[first:])
    rows = (
        Row(number, number, number, [_as_text(cell) for cell in cells[:width]])
        for number, cells in enumerate(grid[first:], start=first + 1)
        if any(cell != "" for cell in cells)
    )
    return labels[:width], rows


def _load(path: Path, name: str, sheet: str | None) -> list[list[Any]]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    is_zip = zipfile.is_zipfile(path)
    if is_zip:
        refuse_bomb(path, name)
    try:
        with path.open("rb") as file:
            book = CalamineWorkbook.from_filelike(file)
            chosen = _choose(name, book.sheet_names, sheet)
            # Empty rows and columns above the table count, as a person who opens it sees them.
            errors = read_errors(path, name, chosen) if is_zip and _is_xlsx(path) else {}
            grid = book.get_sheet_by_name(chosen).to_python(skip_empty_area=False)
    except CalamineError as error:
        if isinstance(error, PasswordError) or is_encrypted(path):
            hint = "ask the publisher for a workbook without a password"
            raise SourceError(name, "is encrypted", hint) from error
        hint = "look at format: in its YAML, or fetch it again"
        raise SourceError(name, f"is no workbook that can be read: {error}", hint) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # calamine's, which no module gives
            raise
        hint = "fetch it again; if it stays so, tell the publisher"
        raise SourceError(name, f"is cut or damaged: {error}", hint) from error
    for (row, column), told in errors.items():
        if row < len(grid) and column < len(grid[row]):
            grid[row][column] = told
    return grid


def _is_xlsx(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        return "xl/workbook.xml" in archive.namelist()


def _choose(name: str, sheets: list[str], wanted: str | None) -> str:
    if wanted in sheets or (wanted is None and len(sheets) == 1):
        return wanted or sheets[0]
    problem = f"has no sheet {wanted}" if wanted else "has several sheets"
    raise SourceError(name, f"{problem}: {', '.join(sheets)}", "set layout: sheet: in its YAML")


def _measure(name: str, labels: list[str], rows: list[list[Any]]) -> int:
    """How many columns there are, up to the last label; data under no label is refused."""
    width = max((place for place, label in enumerate(labels, start=1) if label), default=0)
    for place in range(max(len(labels), *map(len, rows), 0) if rows else len(labels)):
        is_named = place < width and labels[place]
        if not is_named and any(place < len(row) and row[place] != "" for row in rows):
            problem = f"column {_letter(place)} holds data and has no label"
            raise SourceError(name, problem, "see whether layout: header_row: is right")
    return width


def _letter(place: int) -> str:
    """A for 0, B for 1 … AA for 26."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _as_text(value: Any) -> str:
    """A cell as a publisher's CSV would show it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value)
