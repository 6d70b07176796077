"""Topology: polygons that share their borders → TopoJSON, each border written once.

Format: TopoJSON 1.0 (Bostock and Metcalf). A point where borders meet or end is one that has
other than two neighbours; the arcs are what lies between such points.
"""

import struct
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

GRID = 10_000  # points to a degree: 11 m
Ring = NDArray[np.int64]
Polygon = list[Ring]


def make_topology(shapes: list[tuple[dict[str, Any], bytes]], name: str) -> dict[str, Any]:
    """A topology with one object *name*, of properties and WKB (Polygon or MultiPolygon) each."""
    polygons = [list(read_wkb(wkb)) for _, wkb in shapes]
    junctions = _find_junctions([ring for each in polygons for polygon in each for ring in polygon])
    arcs = _Arcs(junctions)
    geometries = [
        {
            "type": "MultiPolygon",
            "properties": properties,
            "arcs": [[arcs.cut(ring) for ring in polygon] for polygon in each],
        }
        for (properties, _), each in zip(shapes, polygons, strict=True)
    ]
    return {
        "type": "Topology",
        "transform": {"scale": [1 / GRID, 1 / GRID], "translate": [0, 0]},
        "arcs": [_as_steps(arc) for arc in arcs.found],
        "objects": {name: {"type": "GeometryCollection", "geometries": geometries}},
    }


class _Arcs:
    """The borders found so far, each in one direction."""

    def __init__(self, junctions: set[int]) -> None:
        self.junctions = junctions
        self.found: list[Ring] = []
        self.places: dict[bytes, int] = {}

    def cut(self, ring: Ring) -> list[int]:
        """The numbers of the arcs that make *ring*; ~n is arc n backwards."""
        ids = _ids(ring[:-1])
        ends = [place for place, each in enumerate(ids.tolist()) if each in self.junctions]
        start = ends[0] if ends else int(np.argmin(ids))
        turned = np.concatenate([ring[start:-1], ring[: start + 1]])
        cuts = [end - start for end in ends] or [0]
        stops = [*cuts[1:], len(turned) - 1]
        return [self._number(turned[a : b + 1]) for a, b in zip(cuts, stops, strict=True)]

    def _number(self, arc: Ring) -> int:
        if (known := self.places.get(arc.tobytes())) is not None:
            return known
        if (known := self.places.get(arc[::-1].tobytes())) is not None:
            return ~known
        self.places[arc.tobytes()] = len(self.found)
        self.found.append(arc)
        return len(self.found) - 1


def _ids(points: Ring) -> NDArray[np.int64]:
    """One number for each point of the grid."""
    return (points[:, 0] << 32) + points[:, 1]


def _find_junctions(rings: list[Ring]) -> set[int]:
    """The points that have other than two neighbours, in all rings together."""
    ids = [_ids(ring) for ring in rings]
    edges = np.concatenate([np.stack([each[:-1], each[1:]], axis=1) for each in ids])
    edges.sort(axis=1)
    points, degrees = np.unique(np.unique(edges, axis=0), return_counts=True)
    return set(points[degrees != 2].tolist())


def _as_steps(arc: Ring) -> list[list[int]]:
    """The first point, then how far each is from the one before."""
    return np.concatenate([arc[:1], np.diff(arc, axis=0)]).tolist()  # type: ignore[no-any-return]


def read_wkb(wkb: bytes) -> Iterator[Polygon]:
    """The polygons of a little-endian WKB, on the grid; what the grid makes flat is left out."""
    kind, count = struct.unpack_from("<II", wkb, 1)
    if kind == 3:
        count, place = 1, 0
    else:
        place = 9
    for _ in range(count):
        polygon, place = _read_polygon(wkb, place)
        if polygon:
            yield polygon


def _read_polygon(wkb: bytes, place: int) -> tuple[Polygon, int]:
    """The rings of the polygon that begins at *place*, and where the next one does."""
    (ring_count,) = struct.unpack_from("<I", wkb, place + 5)
    place += 9
    rings: Polygon = []
    outer = True
    for number in range(ring_count):
        (size,) = struct.unpack_from("<I", wkb, place)
        points = np.frombuffer(wkb, "<f8", 2 * size, place + 4).reshape(size, 2)
        place += 4 + 16 * size
        ring = np.rint(points * GRID).astype(np.int64)
        moved = np.ones(len(ring), dtype=bool)
        moved[1:] = (ring[1:] != ring[:-1]).any(axis=1)
        ring = ring[moved]
        if len(ring) >= 4 and outer:
            rings.append(ring)
        elif number == 0:
            outer = False
    return rings, place
