"""Open: a stored file as a table of text, whatever its packing, format and encoding."""

import codecs
import gzip
import json
import shutil
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

from flows.errors import SourceError
from flows.steps.validate.reading.dialect import Dialect
from flows.steps.validate.reading.rows import Row, Table, open_table

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
    b"\x7fELF": "a program",
}
PAGES = (b"<!doctype html", b"<html", b"<?xml", b"<rss", b"<svg")
MAX_ODD_PERCENT = 10  # of control characters; more are in no text
UNICODE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def open_file(path: Path, folder: Path, dialect: Dialect, format_: str = "csv") -> Table:
    """The table in *path*, unpacked into *folder* where it is packed.

    Raises SourceError when it is no table, UnicodeDecodeError, LookupError or csv.Error when it
    cannot be read as one.
    """
    plain = _unpack(path, folder)
    if format_ == "json":
        return _open_json(plain, path.name)
    with plain.open("rb") as file:
        _refuse_other_files(file.read(HEAD_BYTES), path.name, dialect)
    return open_table(plain, dialect)


def _unpack(path: Path, folder: Path) -> Path:
    """The file itself, or a copy of what a gzip holds."""
    with path.open("rb") as file:
        if file.read(2) != b"\x1f\x8b":
            return path
    plain = folder / "unpacked"
    try:
        with gzip.open(path) as packed, plain.open("wb") as file:
            shutil.copyfileobj(packed, file, 1 << 20)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        hint = "fetch it again; if it stays so, tell the publisher"
        raise SourceError(path.name, f"is cut or damaged: {error}", hint) from error
    return plain


def _refuse_other_files(head: bytes, name: str, dialect: Dialect) -> None:
    """Raise SourceError for what is surely no CSV."""
    kind = next((kind for mark, kind in NOT_TABLES.items() if head.startswith(mark)), None)
    if head.removeprefix(codecs.BOM_UTF8).lstrip().lower().startswith(PAGES):
        kind = "a web page or an XML document"
    if dialect.encoding is None and not head.startswith(UNICODE_MARKS):
        odd = sum(byte < 32 and byte not in b"\t\n\r\f\v\x1b" for byte in head)
        kind = kind or ("a binary file" if 100 * odd > MAX_ODD_PERCENT * len(head) else None)
    if kind:
        hint = "ask the publisher for a CSV, or look at the address that it comes from"
        raise SourceError(name, f"is {kind}, not a CSV", hint)


def _open_json(path: Path, name: str) -> Table:
    """A list of objects as a table; a nested value stays JSON, and a key without one is empty."""
    try:
        rows = json.loads(path.read_bytes())
    except ValueError as error:
        raise SourceError(name, f"is not JSON: {error}") from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise SourceError(name, "is not a JSON list of objects")
    labels = list({key: None for row in rows for key in row})  # in the order of first sight
    dialect = replace(Dialect(), encoding="utf-8", header=True, header_rows=(1,))
    numbered = (
        Row(number, number, number, [_as_text(row.get(label)) for label in labels])
        for number, row in enumerate(rows, start=2)
    )
    return Table(path, dialect, labels, numbered, is_empty=not rows, is_csv=False)


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


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
