"""Layers: what a GeoPackage says that it holds, asked of SQLite before GDAL opens it.

GDAL ends the whole process on a file that is cut, and when asked for a layer that is not there.
"""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from flows.errors import SourceError

LISTED = """
    select contents.table_name, coalesce(system.organization, ''),
        coalesce(system.organization_coordsys_id, 0)
    from gpkg_contents as contents
    left join gpkg_geometry_columns as shapes on contents.table_name = shapes.table_name
    left join gpkg_spatial_ref_sys as system on shapes.srs_id = system.srs_id
    where contents.data_type in ('features', 'attributes')
"""
TABLES = "select name from sqlite_master where name = 'gpkg_geometry_columns'"


class Layer(NamedTuple):
    """`crs` is a code such as EPSG:2154, or nothing if the file does not know."""

    name: str
    crs: str | None


def choose_layer(path: Path, name: str, wanted: str | None) -> Layer:
    """The layer *wanted* of the GeoPackage *path*, or its only one.

    Raises SourceError when there is none or several, and for a file that is damaged.
    """
    try:
        layers = {layer.name: layer for layer in _list_layers(path)}
    except sqlite3.Error as error:
        hint = "fetch it again; if it stays so, tell the publisher"
        raise SourceError(name, f"is cut or damaged: {error}", hint) from error
    if wanted in layers or (wanted is None and len(layers) == 1):
        return layers[wanted or next(iter(layers))]
    problem = f"has no layer {wanted}" if wanted else f"has {len(layers)} layers"
    told = ", ".join(layers) or "nothing"
    raise SourceError(name, f"{problem}: {told}", "set layout: layer: in its YAML")


def _list_layers(path: Path) -> list[Layer]:
    address = f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as db:
        found = db.execute("pragma quick_check(1)").fetchone()[0]
        if found != "ok":
            raise sqlite3.DatabaseError(" ".join(found.split()))
        if not db.execute(TABLES).fetchall():  # as in a package of tables alone
            names = db.execute("select table_name from gpkg_contents").fetchall()
            return [Layer(name, None) for (name,) in names]
        return [
            Layer(name, f"{organization}:{code}" if code > 0 else None)
            for name, organization, code in db.execute(LISTED)
        ]
