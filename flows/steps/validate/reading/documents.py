"""Documents: the rows of a JSON, of JSON lines or of a GeoJSON, as a table of text."""

import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.errors import SourceError
from flows.steps.validate.reading.rows import Row

if TYPE_CHECKING:
    from flows.catalog.models import Layout

WGS84 = ("CRS84", "EPSG::4326", "EPSG:4326")
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
        rows = list(_read_features(name, body))
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
        return _parse(text)
    except _OddError as error:
        raise SourceError(name, str(error), "ask the publisher to mend it") from error
    except ValueError as error:
        try:
            return [_parse(line) for line in text.splitlines() if line.strip()]
        except ValueError:
            raise SourceError(name, f"is not JSON: {error}") from error


class _OddError(Exception):
    """JSON that can be read, and means nothing."""


def _parse(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_refuse_doubles, parse_constant=_refuse_constant)


def _refuse_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    body = dict(pairs)
    if len(body) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise _OddError(f"gives {twice} twice in one object")
    return body


def _refuse_constant(told: str) -> Any:
    raise _OddError(f"holds {told}, which is no JSON number")


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


def _read_features(name: str, body: Any) -> Iterator[dict[str, Any]]:
    if not isinstance(body, dict) or not isinstance(body.get("features"), list):
        raise SourceError(name, "is not a GeoJSON collection", MEND)
    crs = json.dumps(body.get("crs") or "CRS84")
    if not any(mark in crs for mark in WGS84):
        problem = f"is not in WGS 84, as GeoJSON must be: {crs}"
        raise SourceError(name, problem, "ask the publisher for longitudes and latitudes")
    for feature in body["features"]:
        yield {**(feature.get("properties") or {}), **_place(feature.get("geometry"))}


def _place(geometry: dict[str, Any] | None) -> dict[str, Any]:
    if geometry is None:
        return {"point_longitude": None, "point_latitude": None}
    if geometry.get("type") == "Point":
        longitude, latitude, *_ = geometry["coordinates"]
        return {"point_longitude": longitude, "point_latitude": latitude}
    return {"geometry": geometry}


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
