"""Columnar: a Parquet or a layer of a GeoPackage, as a CSV of text that is read like any other."""

from pathlib import Path

import duckdb

from flows.errors import SourceError
from flows.spatial import load_spatial
from flows.steps.validate.rules.expressions import quote

NESTED = ("STRUCT", "MAP", "UNION")


def write_csv(path: Path, name: str, format_: str, layer: str | None, folder: Path) -> Path:
    """Write the rows of *path* in *folder* as UTF-8 CSV; the written file.

    Nested values become JSON. The geometry of a layer becomes `point_longitude` and
    `point_latitude`, in degrees of WGS 84, where all are points, else `geometry` as WKT. Raises
    SourceError when it is not read.
    """
    target = folder / "columns.csv"
    with duckdb.connect() as con:
        con.execute("set timezone = 'UTC'; set enable_progress_bar = false")
        try:
            rows = _open_layer(con, path, layer) if format_ == "gpkg" else _open_parquet(con, path)
            rows.project(", ".join(map(_tell, rows.columns, rows.types))).write_csv(
                str(target), header=True, quoting="all"
            )
        except duckdb.Error as error:
            told = " ".join(str(error).split("\n")[0].split()).replace(str(path), name)
            raise SourceError(name, f"cannot be read: {told}", "fetch it again") from error
    return target


def _open_parquet(con: duckdb.DuckDBPyConnection, path: Path) -> duckdb.DuckDBPyRelation:
    return con.read_parquet(str(path))


def _open_layer(
    con: duckdb.DuckDBPyConnection, path: Path, layer: str | None
) -> duckdb.DuckDBPyRelation:
    load_spatial(con)
    told = f", layer = {quote(layer)}" if layer else ""
    rows = con.sql(f"from st_read({quote(str(path))}{told})")
    shape = next((n for n, t in zip(rows.columns, rows.types, strict=True) if "GEOM" in str(t)), "")
    if not shape:
        return rows
    query = f"select layers from st_read_meta({quote(str(path))})"
    layers = con.execute(query).fetchall()[0][0]
    told_layer = next(each for each in layers if layer in (None, each["name"]))
    crs = told_layer["geometry_fields"][0]["crs"]
    code = f"{crs['auth_name']}:{crs['auth_code']}"
    column = '"' + shape.replace('"', '""') + '"'
    place = f"st_transform({column}, {quote(code)}, 'EPSG:4326', always_xy := true)"
    are_points = rows.aggregate(f"bool_and(st_geometrytype({column}) = 'POINT')")
    if are_points.fetchall()[0][0]:
        ends = f"st_x({place}) as point_longitude, st_y({place}) as point_latitude"
        return rows.project(f"* exclude ({column}), {ends}")
    return rows.project(f"* exclude ({column}), st_astext({place}) as geometry")


def _tell(name: str, type_: object) -> str:
    """One column as text."""
    column = '"' + name.replace('"', '""') + '"'
    kind = str(type_)
    if kind.startswith(NESTED) or kind.endswith("]"):
        return f"cast(to_json({column}) as varchar) as {column}"
    if kind in ("DOUBLE", "FLOAT"):  # 12.0 is a whole number in a publisher's CSV
        return f"regexp_replace(cast({column} as varchar), '\\.0$', '') as {column}"
    return f"cast({column} as varchar) as {column}"
