"""Documents: the rows of a JSON, of JSON lines or of a GeoJSON, as a table of text."""

import json
import math
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.errors import SourceError
from flows.steps.validate.reading.features import read_features
from flows.steps.validate.reading.rows import Row

if TYPE_CHECKING:
    from flows.catalog.models import Layout

SURROGATES = re.compile(r"\\u[dD][89a-fA-F]")  # halves of characters, which may not be paired
MEND = "look at layout: in its YAML, or at the file"


def read_document(
    path: Path, name: str, format_: str, layout: "Layout"
) -> tuple[list[str], Iterator[Row]]:
    """The labels, in the order of first sight, and the rows; a nested value stays JSON.

    Of a GeoJSON, the properties, then `point_longitude` and `point_latitude` (WGS 84) where it is
    a point, and `geometry`, as GeoJSON, of other shapes. Raises SourceError for any other document.
    """
    body = _load(path, name)
    if format_ == "geojson":
        rows = list(read_features(name, body))
    else:
        rows = _find_rows(name, body, layout.rows)
        if layout.columns:
            rows = [_pick(name, row, layout.columns) for row in rows]
    labels = list({key: None for row in rows for key in row})
    numbered = (
        Row(number, number, number, [_as_text(row.get(label)) for label in labels])
        for number, row in enumerate(rows, start=2)
    )
    return labels, numbered


def _load(path: Path, name: str) -> Any:
    text = path.read_bytes().decode("utf-8-sig")
    try:
        return _parse_lines_or_whole(name, text)
    except _OddError as error:
        raise SourceError(name, str(error), "ask the publisher to mend it") from error


def _parse_lines_or_whole(name: str, text: str) -> Any:
    try:
        return _parse(text)
    except ValueError as error:
        try:
            # Not splitlines(): a text may hold other characters that end a line.
            return [_parse(line) for line in text.split("\n") if line.strip()]
        except ValueError:
            raise SourceError(name, f"is not JSON: {error}") from error


class _OddError(Exception):
    """JSON that can be read, and means nothing."""


def _parse(text: str) -> Any:
    try:
        body = json.loads(
            text,
            object_pairs_hook=_refuse_doubles,
            parse_constant=_refuse_constant,
            parse_float=_refuse_infinite,
        )
        if SURROGATES.search(text):
            json.dumps(body, ensure_ascii=False).encode()
    except RecursionError as error:
        raise _OddError("is nested too deep to be a table") from error
    except UnicodeEncodeError as error:
        raise _OddError("holds half a character, which no text can hold") from error
    return body


def _refuse_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    body = dict(pairs)
    if len(body) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise _OddError(f"gives {twice} twice in one object")
    return body


def _refuse_constant(told: str) -> Any:
    raise _OddError(f"holds {told}, which is no JSON number")


def _refuse_infinite(told: str) -> float:
    if math.isinf(number := float(told)):
        raise _OddError(f"holds {told[:20]}, which is too large for a number")
    return number


def _find_rows(name: str, body: Any, way: str | None) -> list[dict[str, Any]]:
    for part in way.split("/") if way else ():
        body = _step(name, body, part)
        if body is None:
            raise SourceError(name, f"has nothing at {way}", MEND)
    if not isinstance(body, list) or not all(isinstance(row, dict) for row in body):
        where = f" at {way}" if way else ""
        raise SourceError(name, f"is not a JSON list of objects{where}", MEND)
    return body


def _pick(name: str, row: dict[str, Any], columns: dict[str, str]) -> dict[str, Any]:
    """The cells of one row, each at the end of its way; one that is not there is empty."""
    picked = {}
    for column, way in columns.items():
        value: Any = row
        for part in way.split("/"):
            value = _step(name, value, part)
        picked[column] = value
    return picked


def _step(name: str, body: Any, part: str) -> Any:
    """What stands under the one key that fits *part*, or None."""
    if isinstance(body, list) and part.isdigit():
        return body[int(part)] if int(part) < len(body) else None
    if not isinstance(body, dict):
        return None
    if part in body:
        return body[part]
    fit = [key for key in body if fnmatchcase(key, part)]
    if len(fit) > 1:
        raise SourceError(name, f"has {len(fit)} keys that fit {part}: {', '.join(fit)}", MEND)
    return body[fit[0]] if fit else None


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
