"""Boundaries: the shapes of the territories, as TopoJSON, GeoJSON and GeoParquet.

In TopoJSON, for maps of France, the overseas départements are drawn near the mainland; in the
others all is where it is, with the headline indicators beside the name.
"""

import json
from typing import Any

from flows.catalog import Text
from flows.publish.draft import Draft
from flows.publish.geojson import DESCRIPTION, Periods, shape, write_geojson
from flows.publish.tables import describe_parquet, parquet_options
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
        periods = shape(draft, level)
        _write_parquet(draft, level)
        if level == "commune":
            _write_communes(draft, periods)
        else:
            _write_geojson(draft, periods, level, f"boundaries/{level}.geojson")
        for size in SIZES if level != "commune" else SIZES[:1]:
            _write_level(draft, level, size)


def _write_communes(draft: Draft, periods: Periods) -> None:
    for (code,) in draft.con.execute(shared_sql("boundaries_departements")).fetchall():
        chosen = f"level = 'commune' and size = 'large' and framed.departement_code = '{code}'"
        path = f"boundaries/commune/{code}.topojson"
        _write_topology(draft, "commune", path, chosen)
        title = Text(fr=f"{LEVELS['commune'].fr} ({code})", en=f"{LEVELS['commune'].en} ({code})")
        draft.add(f"boundaries_commune_{code.lower()}", path, {}, title, ON_MAPS)
        _write_geojson(draft, periods, "commune", f"boundaries/commune/{code}.geojson", code)


def _write_parquet(draft: Draft, level: str) -> None:
    path = f"data/boundaries_{level}.parquet"
    told = describe_parquet(draft, {}, _made_of(draft))
    query = "select * exclude (departement_code) from shaped order by territory_id"
    draft.copy(query, path, parquet_options(told))
    description = Text(
        fr="GeoParquet, WGS 84, sur la carte de la version, avec les principaux indicateurs.",
        en="GeoParquet, WGS 84, on the map of the release, with the main indicators.",
    )
    name = f"boundaries_{level}_parquet"
    draft.add(name, path, {}, LEVELS[level], description, _made_of(draft))


def _write_geojson(
    draft: Draft, periods: Periods, level: str, path: str, departement: str = ""
) -> None:
    """The shapes of a level, or those of one département."""
    chosen = f"departement_code = '{departement}'" if departement else "true"
    write_geojson(draft, periods, path, chosen)
    where = f" ({departement})" if departement else ""
    title = Text(fr=f"{LEVELS[level].fr}{where}", en=f"{LEVELS[level].en}{where}")
    name = "_".join(filter(None, ("boundaries", level, departement.lower(), "geojson")))
    draft.add(name, path, {}, title, DESCRIPTION, _made_of(draft))


def _made_of(draft: Draft) -> tuple[str, ...]:
    """The shapes, and the indicators beside the names."""
    headlines = (f"indicators/{each.name}" for each in draft.catalog.headlines)
    return ("core.commune_boundaries", *headlines)


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
