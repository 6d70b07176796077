"""Open: a stored file as a table of text, whatever its packing, format and encoding."""

import codecs
import gzip
import json
import re
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
