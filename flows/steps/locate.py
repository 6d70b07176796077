"""Locate: a source that has coordinates only → the commune of each of its points."""

import duckdb

from flows.catalog.models import Geography
from flows.spatial import load_spatial
from flows.warehouse import query_errors, require_columns, shared_sql, transaction

KM_PER_DEGREE = 111.2  # of latitude


def locate_points(
    con: duckdb.DuckDBPyConnection, name: str, geography: Geography
) -> dict[str, int]:
    """Give core.<name> its `commune_code`, and `location_method`; none if it has no coordinates.

    How many points are `inside` a commune, `on_border` (within 11 m of another one, the precision
    of the borders: the one it is in, or else the first by code), `near` one, `outside` all (at sea,
    abroad), `swapped` (longitude for latitude; not mended) or `missing` (none, or zero and zero).
    """
    if geography.coordinates is None:
        return {}
    place = geography.coordinates
    rows = con.table(f"core.{name}")
    require_columns(rows, (place.longitude, place.latitude), name)
    load_spatial(con)
    with query_errors(f"{name}.sql"), transaction(con):
        con.execute(f"set variable near_degrees = {place.near_km / KM_PER_DEGREE}")
        rows.project(
            f"row_number() over () as point_number, *, cast({place.longitude} as double) as x,"
            f" cast({place.latitude} as double) as y"
        ).create("points")
        con.execute(shared_sql("locate"))
        con.execute(f"drop table core.{name}")
        located = con.table("located").project("* exclude (point_number, x, y)")
        located.create(f"core.{name}")
        counts = con.table("located").aggregate("location_method, count(*)").fetchall()
        con.execute("drop table located; drop table points")
    return dict(sorted(counts))
