"""Boundaries: the shapes of the territories, as TopoJSON for maps and GeoParquet for analysts.

On maps the overseas départements are drawn near the mainland; in GeoParquet all is where it is.
"""

import json
from typing import Any

from flows.catalog import Text
from flows.publish.draft import Draft
from flows.publish.topology import make_topology
from flows.spatial import load_spatial
from flows.warehouse import shared_sql

SIZES = ("small", "medium", "large")
LEVELS = {
    "commune": Text(fr="Contours des communes", en="Boundaries of the communes"),
    "epci": Text(fr="Contours des intercommunalités", en="Boundaries of the intermunicipalities"),
    "departement": Text(fr="Contours des départements", en="Boundaries of the départements"),
    "region": Text(fr="Contours des régions", en="Boundaries of the régions"),
}
ON_MAPS = Text(
    fr="TopoJSON, départements d’outre-mer rapprochés de la métropole.",
    en="TopoJSON, overseas départements drawn near the mainland.",
)


def write_boundaries(draft: Draft) -> None:
    """Every level in three sizes; of the communes, all in the smallest, else by département.

    The communes of the whole country would take 9 MB in the next size.
    """
    load_spatial(draft.con)
    draft.con.execute(shared_sql("boundaries"))
    for level in LEVELS:
        _write_parquet(draft, level)
        for size in SIZES:
            if level != "commune" or size == "small":
                _write_level(draft, level, size)
    for (code,) in draft.con.execute(shared_sql("boundaries_departements")).fetchall():
        chosen = f"level = 'commune' and size = 'large' and framed.departement_code = '{code}'"
        path = f"boundaries/commune/{code}.topojson"
        _write_topology(draft, "commune", path, chosen)
        title = Text(fr=f"{LEVELS['commune'].fr} ({code})", en=f"{LEVELS['commune'].en} ({code})")
        draft.add(f"boundaries_commune_{code.lower()}", path, {}, title, ON_MAPS)


def _write_parquet(draft: Draft, level: str) -> None:
    path = f"data/boundaries_{level}.parquet"
    draft.copy(
        "select territory_id, code, name, geometry from framed"
        f" where level = '{level}' and size = 'large' order by territory_id",
        path,
        "format parquet, compression zstd",
    )
    description = Text(
        fr="GeoParquet, WGS 84, sur la carte de la version.",
        en="GeoParquet, WGS 84, on the map of the release.",
    )
    draft.add(f"boundaries_{level}_parquet", path, {}, LEVELS[level], description)


def _write_level(draft: Draft, level: str, size: str) -> None:
    path = f"boundaries/{level}_{size}.topojson"
    _write_topology(draft, level, path, f"level = '{level}' and size = '{size}'")
    draft.add(f"boundaries_{level}_{size}", path, {}, LEVELS[level], ON_MAPS)


def _write_topology(draft: Draft, level: str, path: str, chosen: str) -> None:
    """One TopoJSON of the chosen rows, in the order of their identifiers."""
    query = f"{shared_sql('boundaries_placed')} where {chosen} order by all"
    rows = draft.con.execute(query).fetchall()
    shapes: list[tuple[dict[str, Any], bytes]] = [
        ({"territory_id": territory_id, "code": code, "name": label, "inset": inset}, wkb)
        for territory_id, code, label, inset, wkb in rows
    ]
    body = json.dumps(make_topology(shapes, level), ensure_ascii=False, separators=(",", ":"))
    target = draft.folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(body, encoding="utf-8")
