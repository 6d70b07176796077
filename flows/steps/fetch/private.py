"""Private: columns that no one may keep are dropped while a file comes in, before it is stored."""

import csv
import gzip
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

from flows.catalog import Source
from flows.errors import SourceError
from flows.files import read_json
from flows.settings import Settings
from flows.steps.fetch.held import holding
from flows.steps.fetch.inbox import Inbox

ROWS = 1000


def drop_private(settings: Settings, source: Source, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """*pieces* without the private columns of *source*; all of them where it has none.

    Raises SourceError on a column that nobody has described: it might be a private one under
    another name. A CSV that was packed is stored unpacked, and what cannot be read as it streams in
    (see `Source.is_held`) as a CSV of its labels and cells: a workbook written anew would differ
    from run to run, and would carry whatever else it holds, such as hidden sheets and authors.
    """
    if not source.private_columns:
        yield from pieces
        return
    schema = read_json(settings.schemas / "sources" / f"{source.name}.json")
    public = {field["name"] for field in schema["fields"]} | set(source.ignored_columns)
    if source.is_held:
        yield from _drop_from_held(settings, source, schema["fields"], pieces)
        return
    inbox: io.BufferedReader[Any] = io.BufferedReader(Inbox(pieces), 1 << 20)
    drop = _drop_from_csv if source.format == "csv" else _drop_from_json
    yield from drop(source, public, inbox)


def _drop_from_csv(
    source: Source, public: set[str], inbox: "io.BufferedReader[Any]"
) -> Iterator[bytes]:
    packed = inbox.peek(2)[:2] == b"\x1f\x8b"
    plain: Any = gzip.GzipFile(fileobj=inbox) if packed else inbox
    encoding = source.csv.encoding
    try:
        text = io.TextIOWrapper(plain, encoding=encoding, newline="")
        rows = csv.reader(text, delimiter=source.csv.delimiter, strict=False)
        banner = [next(rows, []) for _ in range(source.layout.header_row - 1)]
        header = [label.strip() for label in next(rows, [])]
        _refuse_unknown(source, header, public)
        kept = [place for place, label in enumerate(header) if label in public]
        # What stands above the header is prose, in which there may be names.
        yield from _write(source, (["" for _ in row] for row in banner), encoding)
        safe = _empty_swallowed(rows, kept, source.csv.delimiter)
        yield from _write(source, _select(header, safe, kept), encoding.removesuffix("-sig"))
    except (UnicodeDecodeError, csv.Error, EOFError, gzip.BadGzipFile) as error:
        hint = "look at csv: in its YAML; nothing of the file was stored"
        raise SourceError(source.name, f"cannot be read as its YAML says: {error}", hint) from error


def _empty_swallowed(
    rows: Iterable[list[str]], kept: list[int], delimiter: str
) -> Iterator[list[str]]:
    """*rows*; one that keeps a cell with a line break and a delimiter gets a cell too many.

    A quote that was not closed may have swallowed the cells and rows after it, private ones too.
    """
    for row in rows:
        cells = (row[place] for place in kept if place < len(row))
        lines = (cell for cell in cells if "\n" in cell or "\r" in cell)
        yield [*row, ""] if any(delimiter in cell for cell in lines) else row


def _drop_from_held(
    settings: Settings, source: Source, fields: list[dict[str, Any]], pieces: Iterable[bytes]
) -> Iterator[bytes]:
    public = {field["name"] for field in fields} | set(source.ignored_columns)
    with holding(settings, source, pieces) as (labels, rows):
        _refuse_unknown(source, labels, public)
        absent = _list_absent(source, fields, labels)
        header = [*labels, *absent]
        kept = [place for place, label in enumerate(header) if label in public]
        whole = ([*row, *("" for _ in absent)] for row in rows)
        yield from _write(source.as_stored(), _select(header, whole, kept), "utf-8")


def _list_absent(source: Source, fields: list[dict[str, Any]], labels: list[str]) -> list[str]:
    """The keys that no object of a JSON has: empty columns there, and missing ones of a CSV."""
    if source.format not in ("json", "geojson"):
        return []
    required = [each["name"] for each in fields if each.get("constraints", {}).get("required")]
    return [each["name"] for each in fields if each["name"] not in {*labels, *required}]


def _select(header: list[str], rows: Any, kept: list[int]) -> Iterator[list[str]]:
    """The header and each row, in the columns *kept*.

    Of a row with more or fewer cells nothing is known: it is emptied, with a cell too many, so that
    it is rejected and counted.
    """
    yield [header[place] for place in kept]
    for row in rows:
        if len(row) == len(header) or not row:
            yield [row[place] for place in kept] if row else []
        else:
            yield [""] * (len(kept) + 1)


def _write(source: Source, rows: Iterable[list[str]], encoding: str) -> Iterator[bytes]:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=source.csv.delimiter, lineterminator="\n")
    for number, row in enumerate(rows, start=1):
        writer.writerow(row)
        if number % ROWS == 0:
            yield text.getvalue().encode(encoding)
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode(encoding)


def _drop_from_json(
    source: Source, public: set[str], inbox: "io.BufferedReader[Any]"
) -> Iterator[bytes]:
    """The same document, whose rows lack the private keys."""
    try:
        body = json.load(inbox)
    except ValueError as error:
        raise SourceError(source.name, "is not JSON", "look at its address") from error
    rows = _rows_of(source, body)
    for row in rows:
        _refuse_unknown(source, row, public)
        for key in set(row) & set(source.private_columns):
            del row[key]
    if source.format == "geojson":
        body = {"type": "FeatureCollection", "features": body["features"]}
    yield json.dumps(body, ensure_ascii=False).encode()


def _rows_of(source: Source, body: Any) -> list[dict[str, Any]]:
    try:
        if source.format == "geojson":
            return [feature["properties"] for feature in body["features"]]
        for part in (source.layout.rows or "").split("/"):
            body = body[part] if part else body
        return [row for row in body if row.keys() is not None]
    except (KeyError, TypeError, AttributeError) as error:
        hint = "look at layout: in its YAML; nothing of the file was stored"
        raise SourceError(source.name, "has no list of rows where its YAML says", hint) from error


def _refuse_unknown(source: Source, labels: Iterable[str], public: set[str]) -> None:
    # An index that a program wrote has no name; longitude and latitude come from the geometry.
    if unknown := sorted(set(labels) - public - set(source.private_columns)):
        problem = f"new columns {', '.join(unknown)}; nothing was stored, since they may be private"
        hint = f"describe them in schemas/sources/{source.name}.json, or list them in its YAML"
        raise SourceError(source.name, problem, hint)
