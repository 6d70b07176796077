"""Read: a stored file as rows of text, header first, whatever its format and packing."""

import csv
import gzip
import io
import json
import zlib
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from flows.catalog import Source
from flows.errors import SourceError

csv.field_size_limit(100_000_000)  # a nested JSON value may fill a cell


def read_rows(source: Source, path: Path) -> Generator[list[str], None, None]:
    """The header, then every row. JSON is flattened to text; nested values stay JSON.

    Raises SourceError when the file is empty, ends early, or is not what its YAML says.
    """
    rows = _read_csv if source.format == "csv" else _read_json
    try:
        with _open(path) as file:
            yield from rows(source, file)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        hint = "fetch it again; if it stays so, tell the publisher"
        raise SourceError(source.name, f"{path.name} is cut or damaged: {error}", hint) from error
    except UnicodeDecodeError as error:
        hint = "give the encoding in its YAML, under csv:"
        problem = f"{path.name} is not in {source.csv.encoding}: byte {error.start}"
        raise SourceError(source.name, problem, hint) from error
    except csv.Error as error:
        raise SourceError(source.name, f"{path.name} is not a CSV: {error}") from error


def _open(path: Path) -> BinaryIO:
    if path.suffix == ".gz":
        return io.BufferedReader(gzip.open(path))
    return path.open("rb")


def _read_csv(source: Source, file: BinaryIO) -> Iterator[list[str]]:
    with io.TextIOWrapper(file, encoding=source.csv.encoding, newline="") as text:
        rows = csv.reader(text, delimiter=source.csv.delimiter, strict=True)
        header = next(rows, None)
        if not header:
            raise SourceError(
                source.name, "the file is empty", "ask the publisher for the whole file"
            )
        header[0] = header[0].removeprefix("\ufeff")
        yield header
        yield from rows


def _read_json(source: Source, file: BinaryIO) -> Iterator[list[str]]:
    try:
        rows = json.load(file)
    except ValueError as error:
        raise SourceError(source.name, f"the file is not JSON: {error}") from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise SourceError(source.name, "the file is not a JSON list of objects")
    if not rows:
        raise SourceError(source.name, "the file is empty", "ask the publisher for the whole file")
    columns = list({key: None for row in rows for key in row})  # in the order of first sight
    yield columns
    for row in rows:
        yield [_as_text(row.get(column)) for column in columns]


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
