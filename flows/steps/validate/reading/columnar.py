"""Columnar: a Parquet or a layer of a GeoPackage, as a CSV of text that is read like any other."""

from pathlib import Path

import duckdb

from flows.errors import SourceError
from flows.spatial import load_spatial
from flows.steps.validate.reading.layers import choose_layer
from flows.steps.validate.rules.expressions import quote

NESTED = ("STRUCT", "MAP", "UNION")
MARKS = {"parquet": b"PAR1", "gpkg": b"SQLite format 3\0"}
MEMORY = "450MB"  # of DuckDB; the process takes some more


def write_csv(path: Path, name: str, format_: str, layer: str | None, folder: Path) -> Path:
    """Write the rows of *path* in *folder* as UTF-8 CSV; the written file.

    Nested values become JSON. The geometry of a layer becomes `point_longitude` and
    `point_latitude`, in degrees of WGS 84, where all are points, else `geometry` as WKT. Raises
    SourceError when it is not read.
    """
    _refuse_others(path, name, format_)
    target = folder / "columns.csv"
    with duckdb.connect() as con:
        con.execute("set timezone = 'UTC'; set enable_progress_bar = false")
        con.execute(f"set memory_limit = '{MEMORY}'; set temp_directory = '{folder / 'spilled'}'")
        try:
            if format_ == "gpkg":
                rows = _open_layer(con, path, name, layer)
            else:
                rows = con.read_parquet(str(path), hive_partitioning=False)
            rows.project(", ".join(map(_tell, rows.columns, rows.types))).write_csv(
                str(target), header=True, quoting="all"
            )
        except duckdb.Error as error:
            if isinstance(error, duckdb.OutOfMemoryException) or "No space left" in str(error):
                raise  # of the machine, not of the file
            told = " ".join(str(error).split("\n")[0].split()).replace(str(path), name)
            raise SourceError(name, f"cannot be read: {told}", "fetch it again") from error
    return target


def _refuse_others(path: Path, name: str, format_: str) -> None:
    """Raise SourceError for a file of another format.

    GDAL would open it all the same, and some formats (VRT) send it on to other files.
    """
    with path.open("rb") as file:
        head = file.read(16)
    if not head.startswith(MARKS[format_]):
        hint = "look at format: in its YAML, or fetch it again"
        raise SourceError(name, f"is not a file of format {format_}", hint)


def _open_layer(
    con: duckdb.DuckDBPyConnection, path: Path, name: str, layer: str | None
) -> duckdb.DuckDBPyRelation:
    load_spatial(con)
    chosen = choose_layer(path, name, layer)
    where = f"{quote(str(path))}, layer = {quote(chosen.name)}"
    rows = con.sql(f"from st_read({where}, allowed_drivers = ['GPKG'])")
    shape = next((n for n, t in zip(rows.columns, rows.types, strict=True) if "GEOM" in str(t)), "")
    if not shape:
        return rows
    if not chosen.crs:
        problem = f"does not say in which coordinates its layer {chosen.name} is"
        raise SourceError(name, problem, "ask the publisher for its reference system")
    return _place(rows, shape, chosen.crs)


def _place(rows: duckdb.DuckDBPyRelation, shape: str, code: str) -> duckdb.DuckDBPyRelation:
    """*rows* with the geometry *shape*, told in *code*, as degrees of WGS 84."""
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
    if kind.startswith("TIMESTAMP"):  # as ISO 8601 writes it, and in UTC where a zone is known
        zone = "Z" if "ZONE" in kind else ""
        told = f"regexp_replace(cast({column} as varchar), '\\+00$', '{zone}')"
        return f"replace({told}, ' ', 'T') as {column}"
    return f"cast({column} as varchar) as {column}"
