"""Open: a stored file as a table of text, whatever its packing, format and encoding."""

import codecs
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from flows.errors import SourceError
from flows.steps.validate.reading.banner import drop_banner
from flows.steps.validate.reading.columnar import write_csv
from flows.steps.validate.reading.dialect import Dialect
from flows.steps.validate.reading.documents import read_document
from flows.steps.validate.reading.rows import Row, Table, open_table
from flows.steps.validate.reading.sheets import read_sheet
from flows.steps.validate.reading.unwrap import unwrap

if TYPE_CHECKING:
    from flows.catalog.models import Csv, Layout

SHEETS = ("xlsx", "xls", "ods")
DOCUMENTS = ("json", "geojson")
COLUMNAR = ("parquet", "gpkg")
COLUMNAR_DIALECT = Dialect(
    encoding="utf-8",
    delimiter=",",
    quote_char='"',
    skip_initial_space=False,
    header=True,
    header_rows=(1,),
)

HEAD_BYTES = 4096
NOT_TABLES = {
    b"PK\x03\x04": "a ZIP archive or a spreadsheet (XLSX, ODS)",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet (XLS)",
    b"%PDF": "a PDF document",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"GIF8": "an image",
    b"PAR1": "a Parquet file",
    b"SQLite format 3": "a SQLite database",
    b"7z\xbc\xaf": "an archive",
    b"Rar!": "an archive",
    b"BZh": "a compressed file",
    b"\xfd7zXZ": "a compressed file",
    b"\x28\xb5\x2f\xfd": "a compressed file",
    b"\x1f\x8b": "compressed twice",
    b"\x7fELF": "a program",
}
PAGES = (b"<!doctype html", b"<html", b"<?xml", b"<rss", b"<svg", b"<!--", b"<head", b"<body")
JSON_STARTS = re.compile(rb'\{\s*"|\[\s*\{')
TEXT_CONTROLS = b"\t\n\r\f\v\x1b"
MAX_ODD_PERCENT = 10  # of control characters; more are in no text
MAX_ODD_KINDS = 8  # a text may hold one that strayed, and a file of bytes holds them all
UNICODE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
WIDE_MARKS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)  # the first begins as that of UTF-16


def tell_dialect(told: "Csv") -> Dialect:
    """Nothing is guessed of a file whose YAML says how it is written."""
    return replace(COLUMNAR_DIALECT, encoding=told.encoding, delimiter=told.delimiter)


def open_file(
    path: Path,
    folder: Path,
    dialect: Dialect,
    format_: str = "csv",
    layout: "Layout | None" = None,
) -> Table:
    """The table in *path*, unpacked into *folder* where it is packed.

    Raises SourceError when it is no table, UnicodeDecodeError, LookupError or csv.Error when it
    cannot be read as one.
    """
    plain = unwrap(path, folder, layout, format_)
    if layout and format_ in SHEETS:
        return _as_table(plain, *read_sheet(plain, path.name, layout), layout)
    if layout and format_ in DOCUMENTS:
        return _as_table(plain, *read_document(plain, path.name, format_, layout))
    if layout and format_ in COLUMNAR:
        plain = write_csv(plain, path.name, format_, layout.layer, folder)
        return open_table(plain, COLUMNAR_DIALECT, path.name)
    with plain.open("rb") as file:
        _refuse_other_files(file.read(HEAD_BYTES), path.name, dialect)
    if layout and (layout.header_row > 1 or layout.skipped_rows):
        return _open_under_banner(plain, path.name, folder, dialect, layout)
    return open_table(plain, dialect, path.name)


def _open_under_banner(
    path: Path, name: str, folder: Path, dialect: Dialect, layout: "Layout"
) -> Table:
    """The table under a banner; its rows keep the numbers that they have in the file."""
    bare = drop_banner(path, name, folder, dialect, layout)
    left = layout.skipped_rows - bare.skipped  # which a quote in them leaves to be counted as rows
    plain = replace(
        dialect, encoding="utf-8", header_rows=(1,), comment_rows=tuple(range(2, 2 + left))
    )
    return open_table(bare.path, plain, name, bare.dropped)


def _as_table(
    path: Path, labels: list[str], rows: Iterator[Row], layout: "Layout | None" = None
) -> Table:
    """A table that was not a CSV; an empty one has neither labels nor rows."""
    header = (layout.header_row,) if layout else (1,)
    dialect = replace(Dialect(), encoding="utf-8", header=True, header_rows=header)
    return Table(path, dialect, labels, rows, is_empty=not labels, is_csv=False)


def _refuse_other_files(head: bytes, name: str, dialect: Dialect) -> None:
    """Raise SourceError for what is surely no CSV."""
    if dialect.encoding is None:
        _refuse_unmarked(head, name)
    kind = next((kind for mark, kind in NOT_TABLES.items() if head.startswith(mark)), None)
    text = head.removeprefix(codecs.BOM_UTF8).lstrip()
    if text.lower().startswith(PAGES):
        kind = "a web page or an XML document"
    if JSON_STARTS.match(text):
        kind = "a JSON document"
    if dialect.encoding is None and not head.startswith(UNICODE_MARKS):
        kind = kind or ("a binary file" if _is_binary(head) else None)
    if kind:
        hint = "ask the publisher for a CSV, or look at the address that it comes from"
        raise SourceError(name, f"is {kind}, not a CSV", hint)


def _refuse_unmarked(head: bytes, name: str) -> None:
    """Raise SourceError for a text in an encoding that has to be told."""
    encoding = "utf-32" if head.startswith(WIDE_MARKS) else None
    if not head.startswith(UNICODE_MARKS):
        pairs, nothing = max(len(head) // 2, 1), b"\0"
        even, odd = (head[first::2].count(nothing) / pairs for first in (0, 1))
        if max(even, odd) > 0.8 and min(even, odd) < 0.1:
            encoding = "utf-16-le" if odd > even else "utf-16-be"
    if encoding:
        problem = f"seems to be written in {encoding}, which is not found alone"
        raise SourceError(name, problem, f"save it as UTF-8, or add --encoding {encoding}")


def _is_binary(head: bytes) -> bool:
    odd = [byte for byte in head if byte < 32 and byte not in TEXT_CONTROLS]
    return 100 * len(odd) > MAX_ODD_PERCENT * len(head) or len(set(odd)) > MAX_ODD_KINDS


def write_utf8(table: Table, folder: Path) -> Path:
    """The text of *table*, in UTF-8. Raises UnicodeDecodeError."""
    encoding = table.dialect.encoding
    if encoding in ("utf-8", "utf-8-sig"):
        return table.path
    path = folder / "utf8.csv"
    with (
        table.path.open(encoding=encoding, newline="") as text,
        path.open("w", encoding="utf-8", newline="") as file,
    ):
        shutil.copyfileobj(text, file, 1 << 20)
    return path
