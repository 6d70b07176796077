"""Points to communes, on two squares that share a border and the sea around them."""

import pytest

from flows.catalog.models import Geography
from flows.errors import CatalogError
from flows.steps.locate import locate_points
from flows.warehouse import connect, shared_sql

PLACE = Geography.model_validate(
    {"level": "commune", "vintage": 2026, "coordinates": {"longitude": "lon", "latitude": "lat"}}
)


@pytest.fixture
def con(tmp_path):
    """A is west of B; both reach from 45 to 46 degrees north."""
    with connect(tmp_path / "w.duckdb") as con:
        con.execute(shared_sql("floors"))
        con.execute(
            "create table core.commune_boundaries as select * from (values"
            " ('A', 'MULTIPOLYGON (((1 45, 2 45, 2 46, 1 46, 1 45)))'),"
            " ('B', 'MULTIPOLYGON (((2 45, 3 45, 3 46, 2 46, 2 45)))'))"
            " as t (commune_code, geometry_wkt)"
        )
        yield con


@pytest.mark.parametrize(
    ("lon", "lat", "commune", "method"),
    [
        (1.5, 45.5, "A", "inside"),
        (2.5, 45.5, "B", "inside"),
        (2, 45.5, "A", "on_border"),  # on it: the first by code
        (2.00005, 45.5, "B", "on_border"),  # 4 m from it: the one that it is in
        (3.005, 45.5, "B", "near"),  # 390 m off: a degree is 78 km there
        (3.012, 45.5, "B", "near"),  # 940 m
        (3.014, 45.5, None, "outside"),  # 1,090 m
        (2.5, 44.992, "B", "near"),  # 890 m
        (2.5, 44.99, None, "outside"),  # 1,110 m
        (45.5, 2.5, None, "swapped"),
        (0, 0, None, "missing"),
        (None, 45.5, None, "missing"),
    ],
)
def test_a_point_is_where_it_is(con, lon, lat, commune, method):
    con.execute("create table core.x as select ? :: double as lon, ? :: double as lat", [lon, lat])

    counts = locate_points(con, "x", PLACE)

    assert counts == {method: 1}
    assert con.table("core.x").fetchall() == [(commune, method, lon, lat)]


def test_rows_keep_their_order_and_number(con):
    con.execute(
        "create table core.x as select 1 + i / 10 as lon, 45.5 as lat, i from range(30) t(i)"
    )

    counts = locate_points(con, "x", PLACE)

    assert counts == {"inside": 20, "on_border": 1, "outside": 9}
    assert [i for (i,) in con.sql("select i from core.x").fetchall()] == list(range(30))


def test_a_source_with_codes_is_left_alone(con):
    assert locate_points(con, "x", Geography(level="commune", vintage=2026)) == {}


def test_a_source_without_its_columns(con):
    con.execute("create table core.x as select 1 as lon")

    with pytest.raises(CatalogError, match=r"x.sql: gives no lat"):
        locate_points(con, "x", PLACE)
