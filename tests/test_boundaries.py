"""Shapes: neighbours share their borders, and what is drawn apart is told."""

import itertools
import json
import struct

import duckdb
import pytest

from flows.publish.topology import make_topology
from flows.spatial import load_spatial
from flows.warehouse import shared_sql
from project import ROOT

SNAPSHOT = ROOT / "catalog/snapshots/commune_boundaries/commune_boundaries-2026.csv.gz"


def polygon(*rings):
    """WKB of a polygon whose rings are given in hundredths of a degree."""
    body = struct.pack("<BII", 1, 3, len(rings))
    for ring in rings:
        body += struct.pack("<I", len(ring))
        body += b"".join(struct.pack("<dd", x / 100, y / 100) for x, y in ring)
    return body


def draw(topology, name):
    """The rings of each geometry, from the arcs, as points of the grid."""
    arcs = []
    for steps in topology["arcs"]:
        x = y = 0
        arcs.append([(x := x + step[0], y := y + step[1]) for step in steps])
    drawn = []
    for geometry in topology["objects"][name]["geometries"]:
        rings = [ring for each in geometry["arcs"] for ring in each]
        drawn.append([_join(arcs, ring) for ring in rings])
    return drawn


def _join(arcs, numbers):
    points = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        assert not points or points[-1] == arc[0]
        points += arc if not points else arc[1:]
    return points


SQUARES = [
    ({"territory_id": "A"}, polygon([(0, 0), (2, 0), (2, 2), (0, 2), (0, 0)])),
    ({"territory_id": "B"}, polygon([(2, 0), (4, 0), (4, 2), (2, 2), (2, 0)])),
]


def test_neighbours_share_one_arc():
    topology = make_topology(SQUARES, "commune")

    used = [
        number if number >= 0 else ~number
        for geometry in topology["objects"]["commune"]["geometries"]
        for ring in geometry["arcs"][0]
        for number in ring
    ]
    assert len(topology["arcs"]) == 3  # the border, and what is left of each square
    assert sorted(used) == [0, 1, 1, 2] or sorted(used) == [0, 0, 1, 2]


@pytest.mark.parametrize(
    "shapes",
    [
        SQUARES,
        [({}, polygon([(0, 0), (9, 0), (9, 9), (0, 9), (0, 0)], [(3, 3), (3, 6), (6, 6), (3, 3)]))],
        [
            (
                {},
                polygon([(0, 0), (9, 0), (9, 9), (0, 9), (0, 0)], [(3, 3), (3, 6), (6, 6), (3, 3)]),
            ),
            ({}, polygon([(3, 3), (6, 6), (3, 6), (3, 3)])),  # an enclave: no point has three sides
        ],
    ],
)
def test_a_topology_draws_what_it_was_made_of(shapes):
    drawn = draw(make_topology(shapes, "x"), "x")

    for rings, (_, wkb) in zip(drawn, shapes, strict=True):
        assert [area(ring) for ring in rings] == [area(ring) for ring in rings_of(wkb)]
        assert [set(ring) for ring in rings] == [set(ring) for ring in rings_of(wkb)]


def rings_of(wkb):
    (count,) = struct.unpack_from("<I", wkb, 5)
    place, rings = 9, []
    for _ in range(count):
        (size,) = struct.unpack_from("<I", wkb, place)
        flat = struct.unpack_from(f"<{2 * size}d", wkb, place + 4)
        rings.append(
            [
                (round(x * 10000), round(y * 10000))
                for x, y in zip(flat[::2], flat[1::2], strict=True)
            ]
        )
        place += 4 + 16 * size
    return rings


def area(ring):
    """Twice the signed area: direction counts."""
    pairs = itertools.pairwise(ring)
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)


def frame(small, order="commune_code", change="select 1"):
    """Every shape of the small project, its communes in *order*, after *change*."""
    with duckdb.connect() as con:
        load_spatial(con)
        con.execute("create schema core")
        for name in ("commune_boundaries", "communes", "grouping_lives"):
            key = order if name != "grouping_lives" else "territory_id"
            con.register("rows", small.sql(f"from core.{name} order by {key}").df())
            con.execute(f"create table core.{name} as from rows")
        con.execute(change)
        con.execute(shared_sql("boundaries"))
        told = "size, territory_id, departement_code, st_aswkb(geometry)"
        return con.execute(f"select {told} from framed order by all").fetchall()


def test_shapes_are_the_same_in_whatever_order_communes_come(small):
    """Nothing depends on the order of rows, which threads change from run to run."""
    drawn = frame(small)

    assert drawn == frame(small, order="commune_code desc")
    assert len({territory_id for _, territory_id, _, _ in drawn}) > 20


def test_a_commune_that_was_split_is_not_drawn(small):
    change = (
        "update core.commune_boundaries set population_share = 0.5 where commune_code = '35238'"
    )

    drawn = {territory_id for _, territory_id, _, _ in frame(small, change=change)}

    assert "COM-35238" not in drawn
    assert {"COM-35024", "EPCI-243500139"} < drawn


@pytest.fixture(scope="module")
def shapes():
    with duckdb.connect() as con:
        load_spatial(con)
        con.execute(
            "create table shapes as select code, st_geomfromtext(geometry) as geometry"
            f" from read_csv('{SNAPSHOT}', all_varchar = true, max_line_size = 20000000)"
        )
        yield con


def test_all_communes_share_their_borders(shapes):
    """GEOS finds no point of a border that the neighbour lacks, and no overlap."""
    found = shapes.execute(
        "select count(*), bool_and(st_isvalid(geometry)),"
        " st_npoints(st_coverageinvalidedges_agg(geometry)) from shapes"
    ).fetchone()

    assert found == (34871, True, None)


def test_every_commune_is_drawn_but_four(shapes, communes_of_2026):
    drawn = {code for (code,) in shapes.execute("select code from shapes").fetchall()}

    assert communes_of_2026 - drawn == {"15031", "15035", "15047", "15171"}


def test_the_ground_of_communes_merged_since_is_no_hole(shapes):
    """Llívia is Spanish; all else that is left open is smaller than any commune."""
    holes = shapes.execute(
        "with ground as ("
        " select unnest(st_dump(st_coverageunion_agg(geometry))).geom as part from shapes"
        "), rings as ("
        " select unnest(range(1, st_numinteriorrings(part) + 1)) as n, part from ground"
        "), lines as (select st_interiorringn(part, cast(n as integer)) as line from rings)"
        " select st_area(st_makepolygon(line)) as area, st_x(st_startpoint(line)) from lines"
        " order by area desc"
    ).fetchall()

    assert holes[0][1] == pytest.approx(1.98, abs=0.05)
    assert len(holes) == 6
    assert all(area < 2e-5 for area, _ in holes[1:])  # 0.2 km²


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [
        (2.3610, 48.9660, "93066"),  # Pierrefitte-sur-Seine, in Saint-Denis since 2025
        (2.3970, 44.5990, "12218"),  # Conques, whose commune changed its seat in 2025
        (
            2.9300,
            45.1150,
            "15141",
        ),  # Chalinargues, restored in 2025: nobody says where its border runs
        (2.2945, 48.8584, "75056"),  # Tour Eiffel
        (-3.0000, 48.8480, "22016"),  # Île-de-Bréhat
        (8.7386, 41.9192, "2A004"),  # Ajaccio
        (-52.3260, 4.9370, "97302"),  # Cayenne
        (55.4780, -21.3300, "97416"),  # Saint-Pierre
    ],
)
def test_a_known_place_is_in_its_commune(shapes, lon, lat, code):
    found = shapes.execute(
        "select code from shapes where st_intersects(geometry, st_point(?, ?))", [lon, lat]
    ).fetchall()

    assert found == [(code,)]


@pytest.fixture
def communes_of_2026():
    path = ROOT / "catalog/snapshots/administrative_divisions/communes-2026.json.gz"
    rows = duckdb.sql(f"select code from '{path}' where type = 'commune-actuelle'").fetchall()
    return {code for (code,) in rows if code[:3] not in {"975", "977", "978"} and code[:2] != "98"}


def test_a_union_is_as_large_as_its_communes(ran):
    latest = ran[0].public / "latest"
    with duckdb.connect() as con:
        load_spatial(con)
        areas = [
            con.execute(
                f"select sum(st_area(geometry)) from '{latest}/data/boundaries_{level}.parquet'"
            ).fetchone()[0]
            for level in ("commune", "departement", "region")
        ]

    assert areas[0] == pytest.approx(areas[1]) == pytest.approx(areas[2])


def test_another_reader_finds_the_same_shapes(ran):
    """GDAL reads every TopoJSON; the largest size has the areas of the GeoParquet, on 11 m."""
    latest = ran[0].public / "latest"
    paths = sorted((latest / "boundaries").rglob("*.topojson"))
    with duckdb.connect() as con:
        load_spatial(con)
        for path in paths:
            shapes = con.execute(
                "select count(*) > 0, bool_and(st_isvalid(geom) and not st_isempty(geom))"
                f" from st_read('{path}')"
            ).fetchone()
            assert shapes == (True, True), path.name
        (off,) = con.execute(
            "select max(abs(st_area(drawn.geom) / st_area(told.geometry) - 1))"
            f" from st_read('{latest}/boundaries/epci_large.topojson') as drawn"
            f" inner join '{latest}/data/boundaries_epci.parquet' as told using (territory_id)"
            " where not drawn.inset"
        ).fetchone()

    assert len(paths) > 10
    assert off < 0.001


def test_the_boundaries_weigh_at_most_6_mb():
    assert SNAPSHOT.stat().st_size <= 6_000_000


def test_overseas_is_drawn_near_the_mainland_and_kept_where_it_is_for_analysts(ran):
    latest = ran[0].public / "latest"
    topology = json.loads((latest / "boundaries/departement_large.topojson").read_text())
    geometries = topology["objects"]["departement"]["geometries"]
    drawn = dict(
        zip(
            [g["properties"]["territory_id"] for g in geometries],
            draw(topology, "departement"),
            strict=True,
        )
    )
    inset = {g["properties"]["territory_id"]: g["properties"]["inset"] for g in geometries}
    codes = {g["properties"]["territory_id"]: g["properties"]["code"] for g in geometries}
    with duckdb.connect() as con:
        load_spatial(con)
        true = con.execute(
            f"select st_xmin(geometry) from '{latest}/data/boundaries_departement.parquet'"
            " where territory_id = 'DEP-976'"
        ).fetchone()[0]

    assert codes["DEP-976"] == "976"
    assert inset["DEP-976"]
    assert not inset["DEP-35"]
    assert all(-9 < x / 10000 < -6 and 41 < y / 10000 < 44 for x, y in drawn["DEP-976"][0])
    assert true > 45
