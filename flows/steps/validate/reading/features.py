"""Features: those of a GeoJSON as rows, with their places."""

import json
from collections.abc import Iterator
from typing import Any

from flows.errors import SourceError

WGS84 = ('CRS84"', 'EPSG::4326"', 'EPSG:4326"')  # with the end of the name: EPSG::43260 is another
MEND = "look at format: in its YAML, or ask the publisher to mend it"


def read_features(name: str, body: Any) -> Iterator[dict[str, Any]]:
    """The properties of each feature of the collection *body*, and where it is.

    Raises SourceError for what is no collection, or is in metres.
    """
    if not isinstance(body, dict) or not isinstance(body.get("features"), list):
        raise SourceError(name, "is not a GeoJSON collection", MEND)
    crs = json.dumps(body.get("crs") or "CRS84")
    if not any(mark in crs for mark in WGS84):
        problem = f"is not in WGS 84, as GeoJSON must be: {crs}"
        raise SourceError(name, problem, "ask the publisher for longitudes and latitudes")
    for number, feature in enumerate(body["features"], start=1):
        if not _is_feature(feature):
            raise SourceError(name, f"holds no feature where its feature {number} should be", MEND)
        yield {**(feature.get("properties") or {}), **_place(feature.get("geometry"))}


def _is_feature(feature: Any) -> bool:
    return isinstance(feature, dict) and all(
        isinstance(feature.get(key), dict | None) for key in ("properties", "geometry")
    )


def _place(geometry: dict[str, Any] | None) -> dict[str, Any]:
    if geometry is None:
        return {"point_longitude": None, "point_latitude": None}
    if geometry.get("type") != "Point":
        return {"geometry": geometry}
    # A point without coordinates is empty, and no fault of GeoJSON.
    coordinates: list[Any] = geometry.get("coordinates") or []
    longitude, latitude, *_ = (*coordinates, None, None)
    return {"point_longitude": longitude, "point_latitude": latitude}
