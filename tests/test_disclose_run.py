"""Disclose, on a warehouse: what is hidden, kept from one release to the next, and cached."""

import duckdb
import pytest

from flows.catalog.secrecy import Secrecy
from flows.errors import PromiseError
from flows.steps import build, disclose
from flows.warehouse import shared_sql

COMMUNES = {"COM-1": "EPCI-1", "COM-2": "EPCI-1", "COM-3": "EPCI-2", "COM-4": "EPCI-2"}
WAREHOUSE = """
    create table core.memberships (
        territory_id varchar, level varchar, part_id varchar, part_level varchar,
        population bigint, holds_whole_split boolean
    );
    create table core.territories (
        territory_id varchar, population bigint, level varchar, epci_id varchar, ept_id varchar,
        arrondissement_id varchar, departement_id varchar, region_id varchar, country_id varchar,
        collectivity_id varchar, valid_from date, valid_to date, successor_id varchar
    );
"""


@pytest.fixture
def firms(catalog):
    """A sum of firms under the secrecy of enterprises."""
    rule = Secrecy(kind="enterprises", min_units=3, dominance_percent=85)
    model = catalog.indicators["road_deaths"]
    changes = {"name": "firms", "secrecy": rule, "breaks": (), "published_from": "commune"}
    return model.model_copy(update=changes | {"rollup": "sum", "level": "commune"})


def make_warehouse(path, indicator, rows, places=COMMUNES, declared=()):
    """A warehouse with the *rows* of one indicator, as parts.observations has them."""
    con = duckdb.connect(str(path))
    con.execute(shared_sql("floors") + shared_sql("parts") + WAREHOUSE)
    for number, (commune, epci) in enumerate(places.items()):
        population = 100 * (number + 1)
        con.execute(
            "insert into core.territories (territory_id, population, level, epci_id, country_id)"
            " values (?, ?, 'commune', ?, 'FRA')",
            [commune, population, epci],
        )
        for territory, level in ((commune, "commune"), (epci, "epci"), ("FRA", "country")):
            con.execute(
                "insert into core.memberships values (?, ?, ?, 'commune', ?, true)",
                [territory, level, commune, population],
            )
    for commune in declared:
        con.execute(
            "insert into core.memberships"
            " select 'USR-1', 'user', part_id, part_level, population, true from core.memberships"
            " where territory_id = ?",
            [commune],
        )
    for row in rows:
        names = ", ".join(row)
        marks = ", ".join("?" for _ in row)
        con.execute(
            f"insert into parts.observations (indicator, period, {names})"
            f" values ('firms', '2026', {marks})",
            list(row.values()),
        )
    build.write_rules(con, [indicator])
    con.execute(shared_sql("roll_up"))
    return con


def hidden(con):
    rows = con.execute(
        "select territory_id from indicators.observations where obs_status = 'Q' order by 1"
    )
    return [row[0] for row in rows.fetchall()]


def rows_of(*numbers, **more):
    return [
        {"part_id": commune, "numerator": number} | {name: each[at] for name, each in more.items()}
        for at, (commune, number) in enumerate(zip(COMMUNES, numbers, strict=True))
    ]


def test_few_firms_and_a_dominant_one_are_hidden_with_what_tells_them(tmp_path, firms):
    con = make_warehouse(tmp_path / "a.duckdb", firms, rows_of(2, 5, 6, 9))
    assert disclose.disclose(con, {"firms": firms}) == 2
    assert hidden(con) == ["COM-1", "COM-2"]
    # 90 of 100 employees of COM-3 are those of one firm.
    rows = rows_of(50, 60, 100, 80, unit_count=[5, 5, 5, 5], largest=[20, 20, 90, 20])
    con = make_warehouse(tmp_path / "b.duckdb", firms, rows)
    disclose.disclose(con, {"firms": firms})
    assert hidden(con) == ["COM-3", "COM-4"]


def test_a_declared_territory_gives_nothing_away(tmp_path, firms):
    # USR-1 less COM-3 is COM-2, and EPCI-1 less that is the two firms of COM-1.
    con = make_warehouse(
        tmp_path / "a.duckdb", firms, rows_of(2, 5, 6, 9), declared=["COM-2", "COM-3"]
    )
    disclose.disclose(con, {"firms": firms})
    assert hidden(con) == ["COM-1", "COM-2", "USR-1"]


def publish(con, path):
    """What a release tells of it."""
    con.execute(f"attach '{path}' as published")
    con.execute("create table published.observations as from indicators.observations")
    con.execute("create table published.territories as from core.territories")
    con.execute("detach published")
    return path


def test_what_a_release_hid_stays_hidden(tmp_path, firms):
    con = make_warehouse(tmp_path / "a.duckdb", firms, rows_of(2, 5, 6, 9))
    disclose.disclose(con, {"firms": firms})
    before = publish(con, tmp_path / "published.duckdb")
    # The number was revised: alone, nothing would be hidden any more.
    con = make_warehouse(tmp_path / "b.duckdb", firms, rows_of(4, 5, 6, 9))
    disclose.disclose(con, {"firms": firms}, before)
    assert hidden(con) == ["COM-1", "COM-2"]
    assert con.execute("from parts.known_before").fetchall() == []


def test_what_a_release_told_is_named_and_protects_nothing(tmp_path, firms):
    con = make_warehouse(tmp_path / "a.duckdb", firms, rows_of(2, 5, 6, 9))
    before = publish(con, tmp_path / "published.duckdb")  # before the rule was made
    disclose.disclose(con, {"firms": firms}, before)
    assert "COM-1" in hidden(con)
    assert con.execute("from parts.known_before").fetchall() == [("firms", "2026", "COM-1")]


def test_what_the_map_before_tells_is_known_and_more_is_hidden_today(tmp_path, firms):
    # Given from the EPCI on. COM-2, with two firms, came from EPCI-2 to EPCI-1: 7 today, 5 then.
    apart = firms.model_copy(update={"published_from": "epci"})
    then = {**COMMUNES, "COM-2": "EPCI-2"}
    con = make_warehouse(tmp_path / "then.duckdb", apart, rows_of(5, 2, 6, 9), then)
    assert disclose.disclose(con, {"firms": apart}) == 0
    before = publish(con, tmp_path / "published.duckdb")
    con = make_warehouse(tmp_path / "alone.duckdb", apart, rows_of(5, 2, 6, 9))
    assert disclose.disclose(con, {"firms": apart}) == 0
    con = make_warehouse(tmp_path / "after.duckdb", apart, rows_of(5, 2, 6, 9))
    disclose.disclose(con, {"firms": apart}, before)
    # And EPCI-2, of which 2 are gone, since France less EPCI-2 is EPCI-1.
    assert hidden(con) == ["EPCI-1", "EPCI-2"]
    assert con.execute("from parts.known_before").fetchall() == []
    # Both were revised since: the differences tell nothing.
    con = make_warehouse(tmp_path / "revised.duckdb", apart, rows_of(6, 2, 7, 9))
    disclose.disclose(con, {"firms": apart}, before)
    assert hidden(con) == []


def test_what_was_found_is_looked_up_for_the_same_tables_alone(tmp_path, firms):
    same, other = (2, 5, 6, 9), (2, 5, 6, 8)
    for name, numbers, count in (("a", same, 1), ("b", same, 1), ("c", other, 2)):
        con = make_warehouse(tmp_path / f"{name}.duckdb", firms, rows_of(*numbers))
        disclose.disclose(con, {"firms": firms}, None, tmp_path / "cache")
        assert hidden(con) == ["COM-1", "COM-2"]
        assert len(list((tmp_path / "cache").iterdir())) == count


def test_a_ratio_whose_units_are_others_keeps_its_denominator(tmp_path, firms, catalog):
    ratio = firms.model_copy(update={"rollup": "ratio", "per": 1})
    # Mean floor space of two firms in COM-1: neither the space nor the count of rooms may be told.
    rows = rows_of(50, 60, 70, 80, denominator=[10, 20, 30, 40], unit_count=[2, 5, 6, 9])
    con = make_warehouse(tmp_path / "a.duckdb", ratio, rows)
    disclose.disclose(con, {"firms": ratio})
    assert hidden(con) == ["COM-1", "COM-2"]
    told = con.execute(
        "select count(numerator), count(denominator) from indicators.observations"
        " where territory_id in ('COM-1', 'COM-2')"
    )
    assert told.fetchall() == [(0, 0)]


def test_a_release_before_that_cannot_be_read_stops_the_run(tmp_path, firms):
    broken = tmp_path / "jalon.duckdb"
    broken.write_bytes(b"no database")
    con = make_warehouse(tmp_path / "a.duckdb", firms, rows_of(2, 5, 6, 9))
    with pytest.raises(PromiseError, match="cannot be read, so that what it hides"):
        disclose.disclose(con, {"firms": firms}, broken)
