"""GeoJSON: the shapes where they are, each with the headline indicators, for maps and GIS.

As RFC 7946 says: WGS 84, longitude first, outer rings counterclockwise, four decimals (11 m), as in
TopoJSON. Beside the features, `indicators` says what the numbers are.
"""

import json
from typing import Any

import numpy as np

from flows.catalog import Indicator, Text
from flows.publish.draft import Draft
from flows.publish.topology import GRID, Polygon, Ring, read_wkb
from flows.publish.wide import pivot
from flows.warehouse import shared_sql

DESCRIPTION = Text(
    fr="GeoJSON, WGS 84, avec les principaux indicateurs et leur statut.",
    en="GeoJSON, WGS 84, with the main indicators and their status.",
)


Periods = dict[str, str]


def shape(draft: Draft, level: str) -> Periods:
    """Make the temp table `shaped`: every shape of *level*, then value and status of the headlines.

    The headline indicators that *level* has values of, with the newest period of each.
    """
    draft.con.execute(shared_sql("latest"))
    rows = draft.con.execute(shared_sql("latest_periods")).fetchall()
    given = {indicator: period for here, indicator, period in rows if here == level}
    found = {each.name: given[each.name] for each in draft.catalog.headlines if each.name in given}
    columns = ", ".join(
        ["territory_id", *pivot([draft.catalog.indicators[name] for name in found])]
    )
    draft.con.execute(
        "create or replace temp table shaped as"
        " select departement_code, territory_id, code, framed.name, geometry,"
        " told.* exclude (territory_id)"
        f" from framed left join (select {columns} from latest group by territory_id) as told"
        f" using (territory_id) where framed.level = '{level}' and framed.size = 'large'"
    )
    return found


def write_geojson(draft: Draft, periods: Periods, path: str, chosen: str = "true") -> None:
    """One FeatureCollection of the shapes that are *chosen*, a condition on `shaped`."""
    query = "select * exclude (departement_code) replace (st_aswkb(geometry) as geometry)"
    found = draft.con.execute(f"{query} from shaped where {chosen} order by territory_id")
    names = [column[0] for column in found.description]
    features = [_make_feature(names, row) for row in found.fetchall()]
    indicators = [_tell(draft.catalog.indicators[name], period) for name, period in periods.items()]
    body = {"type": "FeatureCollection", "indicators": indicators, "features": features}
    target = draft.folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    target.write_text(text, encoding="utf-8")


def _tell(indicator: Indicator, period: str) -> dict[str, str]:
    return {
        "name": indicator.name,
        "title": indicator.title.fr,
        "title_en": indicator.title.en,
        "unit": indicator.unit.fr,
        "unit_en": indicator.unit.en,
        "period": period,
    }


def _make_feature(names: list[str], row: tuple[Any, ...]) -> dict[str, Any]:
    """The first three columns name the territory, the fourth is its WKB, then come its values."""
    polygons = [_wind(polygon) for polygon in read_wkb(row[3])]
    return {
        "type": "Feature",
        "id": row[0],
        "properties": dict(zip(names[:3] + names[4:], row[:3] + row[4:], strict=True)),
        "geometry": {"type": "MultiPolygon", "coordinates": polygons} if polygons else None,
    }


def _wind(polygon: Polygon) -> list[list[list[float]]]:
    """The outer ring counterclockwise, the others clockwise, in degrees."""
    rings = []
    for number, ring in enumerate(polygon):
        is_outer = number == 0
        turned = ring if (_twice_area(ring) > 0) == is_outer else ring[::-1]
        rings.append((turned / GRID).tolist())
    return rings


def _twice_area(ring: Ring) -> int:
    """Positive if the ring runs counterclockwise; from its own start: nothing overflows."""
    x, y = (ring - ring[0]).T
    return int(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1]))
