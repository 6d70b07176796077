"""Maps: the TopoJSON of the release → one SVG of shapes a level, which every page draws from.

A page says `<use href="…/departement.svg#DEP-35">` and colours it: the shapes are fetched once.
Projection: Lambert conformal conic, standard parallels 44° N and 49° N, as on French maps.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from flows.files import read_json
from flows.publish.site.facts import folder_of

WIDTH = 700
MARGIN = 4
Points = NDArray[np.float64]
Box = tuple[int, int, int, int]
WHOLE: Box = (0, 0, WIDTH, WIDTH)


@dataclass(frozen=True)
class Shapes:
    """The shapes of one level: SVG path and bounds by territory, in the units of the map."""

    level: str
    paths: dict[str, str]
    boxes: dict[str, Box]

    def as_svg(self) -> str:
        """The file that pages draw from; `#all` is every shape, in one colour."""
        drawn = "".join(f'<path id="{each}" d="{path}"/>' for each, path in self.paths.items())
        return (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 700 700">'
            f'<g id="all">{drawn}</g></svg>\n'
        )

    @property
    def box(self) -> str:
        """What holds all shapes, as an SVG's viewBox."""
        return " ".join(map(str, bounds_of(list(self.boxes.values()))))


@dataclass(frozen=True)
class Frame:
    """How projected metres become units of the map."""

    left: float
    top: float
    scale: float

    def place(self, points: Points) -> NDArray[np.int64]:
        """Whole units, from the top left."""
        x = (points[:, 0] - self.left) * self.scale + MARGIN
        y = (self.top - points[:, 1]) * self.scale + MARGIN
        return np.rint(np.stack([x, y], axis=1)).astype(np.int64)


def read_shapes(boundaries: Path, levels: Iterable[str]) -> dict[str, Shapes]:
    """The shapes of each level, all on the frame of the first; those that are there."""
    frame: Frame | None = None
    found: dict[str, Shapes] = {}
    for level in levels:
        topology, arcs = _read(boundaries, level)
        if arcs:
            frame = frame or _fit(arcs)
            found[level] = _shape(level, topology, [frame.place(arc) for arc in arcs])
    return found


def read_places(boundaries: Path, level: str, framed_by: str) -> dict[str, list[int]]:
    """Where each territory of *level* lies, the middle of what it spans, in units of the map.

    The frame is that of the shapes of *framed_by*; nothing where one of the two is not there.
    """
    (topology, arcs), (_, framing) = _read(boundaries, level), _read(boundaries, framed_by)
    if not arcs or not framing:
        return {}
    frame = _fit(framing)
    placed = [frame.place(arc) for arc in arcs]
    low = np.array([arc.min(axis=0) for arc in placed])
    high = np.array([arc.max(axis=0) for arc in placed])
    found = {}
    for geometry in topology["objects"][level]["geometries"]:
        rings = (ring for polygon in geometry["arcs"] for ring in polygon)
        numbers = [n if n >= 0 else ~n for ring in rings for n in ring]
        middle = (low[numbers].min(axis=0) + high[numbers].max(axis=0)) // 2
        found[geometry["properties"]["territory_id"]] = middle.tolist()
    return found


def _read(boundaries: Path, level: str) -> tuple[dict[str, Any], list[Points]]:
    """The topology of *level*, and its arcs in metres; none where the release has none."""
    path = boundaries / f"{level}_small.topojson"
    topology = read_json(path) if path.is_file() else {"arcs": []}
    return topology, [project(_unpack(topology, arc)) for arc in topology["arcs"]]


def project(degrees: Points) -> Points:
    """Longitude and latitude → metres of the cone, on a sphere."""
    radians = np.radians(degrees)
    first, second, origin = np.radians([44.0, 49.0, 46.5])
    cone = np.log(np.cos(first) / np.cos(second)) / np.log(_tangent(second) / _tangent(first))
    factor = 6_371_000 * np.cos(first) * _tangent(first) ** cone / cone
    distance = factor / _tangent(radians[:, 1]) ** cone
    angle = cone * (radians[:, 0] - np.radians(3.0))
    top = factor / _tangent(origin) ** cone
    return np.stack([distance * np.sin(angle), top - distance * np.cos(angle)], axis=1)


def bounds_of(boxes: Sequence[Box], margin: int = 12) -> Box:
    """Left, top, width and height of what holds all *boxes*; the whole map if there are none."""
    if not boxes:
        return WHOLE
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right = max(box[0] + box[2] for box in boxes)
    bottom = max(box[1] + box[3] for box in boxes)
    return left - margin, top - margin, right - left + 2 * margin, bottom - top + 2 * margin


def box_of(shapes: dict[str, Shapes], territory: dict[str, Any]) -> str:
    """The part of the map that shows *territory*, and its région: an SVG's viewBox."""
    named = {territory["level"]: territory["territory_id"], "region": territory["region_id"]}
    boxes = [
        shapes[level].boxes.get(folder_of(name or ""))
        for level, name in named.items()
        if level in shapes
    ]
    known = [box for box in boxes if box]
    return " ".join(map(str, bounds_of(known) if len(known) == len(boxes) else WHOLE))


def _tangent(latitude: Any) -> Any:
    return np.tan(np.pi / 4 + latitude / 2)


def _unpack(topology: dict[str, Any], arc: list[list[int]]) -> Points:
    steps = np.cumsum(np.array(arc, dtype=np.float64), axis=0)
    transform = topology["transform"]
    degrees: Points = steps * np.array(transform["scale"]) + np.array(transform["translate"])
    return degrees


def _fit(arcs: list[Points]) -> Frame:
    every = np.concatenate(arcs)
    left, bottom = every.min(axis=0)
    right, top = every.max(axis=0)
    return Frame(left, top, (WIDTH - 2 * MARGIN) / max(right - left, top - bottom))


def _shape(level: str, topology: dict[str, Any], arcs: list[NDArray[np.int64]]) -> Shapes:
    paths, boxes = {}, {}
    for geometry in topology["objects"][level]["geometries"]:
        territory = folder_of(geometry["properties"]["territory_id"])
        rings = [_ring(ring, arcs) for polygon in geometry["arcs"] for ring in polygon]
        # What is smaller than a unit would vanish: the largest ring stays, as small as it is.
        drawn = [ring for ring in rings if len(ring) >= 4] or [max(rings, key=len)]
        paths[territory] = "".join(_path(ring) for ring in drawn)
        every = np.concatenate(drawn)
        left, top = every.min(axis=0).tolist()
        right, bottom = every.max(axis=0).tolist()
        boxes[territory] = (left, top, right - left, bottom - top)
    return Shapes(level, paths, boxes)


def _ring(numbers: list[int], arcs: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    """The points of a ring, none twice in a row; ~n is arc n backwards."""
    pieces = [arcs[n] if n >= 0 else arcs[~n][::-1] for n in numbers]
    points = np.concatenate(pieces)
    moved = np.any(np.diff(points, axis=0) != 0, axis=1)
    kept: NDArray[np.int64] = points[np.concatenate([[True], moved])]
    return kept


def _path(ring: NDArray[np.int64]) -> str:
    """A closed path, each point told by how far it is from the one before."""
    first, steps = ring[0], np.diff(ring[:-1] if len(ring) > 1 else ring, axis=0).tolist()
    told = "".join(f"{'' if x < 0 else ' '}{x}{'' if y < 0 else ' '}{y}" for x, y in steps)
    return f"M{first[0]} {first[1]}l{told.lstrip()}z" if steps else f"M{first[0]} {first[1]}h1v1z"
