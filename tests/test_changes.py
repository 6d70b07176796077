"""How one release differs from another: worked out by hand on small tables in Parquet."""

import json

import duckdb
import pytest

from flows.catalog.promises import Acceptance, Change
from flows.changes.compare import compare
from flows.changes.gate import find_jumps, refuse_jumps
from flows.changes.sides import read_side
from flows.changes.version import bump, kind_of
from flows.changes.words import summarise
from flows.errors import PromiseError

OBSERVATIONS = (
    "indicator varchar, territory_id varchar, period varchar, value double,"
    " numerator decimal(18,6),"
    " denominator decimal(18,6), coverage double, obs_status varchar, conf_status varchar"
)
TERRITORIES = (
    "territory_id varchar, level varchar, name varchar, epci_id varchar, ept_id varchar,"
    " arrondissement_id varchar, departement_id varchar, region_id varchar, successor_id varchar,"
    " valid_from date, valid_to date"
)
INDICATORS = (
    "indicator varchar, unit_fr varchar, title_fr varchar, per bigint, vintages varchar,"
    " dataset varchar, first_period varchar, last_period varchar"
)
MEMBERSHIPS = "member_id varchar, territory_id varchar, last_vintage integer"
COLUMNS = {
    "observations": OBSERVATIONS,
    "territories": TERRITORIES,
    "indicators": INDICATORS,
    "memberships": MEMBERSHIPS,
}
PLACES = [
    ("COM-1", "commune", "Un", "EPCI-1", None, None, "DEP-1", "REG-1", None, "2020-01-01", None),
    ("COM-2", "commune", "Deux", "EPCI-1", None, None, "DEP-1", "REG-1", None, "2020-01-01", None),
    ("EPCI-1", "epci", "Groupe", None, None, None, "DEP-1", "REG-1", None, "2020-01-01", None),
]


def observe(indicator, territory, period, value, status="A"):
    """One observation; a hidden one has no value."""
    hidden = status == "Q"
    number = None if hidden else value
    return (indicator, territory, period, number, number, None, 1.0, status, "C" if hidden else "F")


def describe(*names, **changes):
    unit, dataset = changes.get("unit", "u"), changes.get("dataset", "d")
    last = changes.get("last", "2025")
    return [(name, unit, "titre", 1, "v", dataset, "2025", last) for name in names]


def release(folder, observations, **told):
    """A release of four tables; *told* are other tables, and what its manifest says."""
    tables = {
        "observations": observations,
        "territories": told.pop("territories", PLACES),
        "indicators": told.pop("indicators", describe(*sorted({row[0] for row in observations}))),
        "memberships": told.pop("memberships", [("COM-1", "EPCI-1", None)]),
    }
    (folder / "data").mkdir(parents=True)
    with duckdb.connect() as con:
        for name, rows in tables.items():
            con.execute(f"create table {name} ({COLUMNS[name]})")
            if rows:
                con.executemany(
                    f"insert into {name} values ({', '.join('?' * len(rows[0]))})", rows
                )
            con.execute(f"copy {name} to '{folder}/data/{name}.parquet' (format parquet)")
    sources = [{"source": "a", "edition": None, "sha256": told.pop("file", "1")}]
    trace = {
        "sources": ["a"],
        "method": told.pop("method", "m"),
        "corrections": told.pop("fix", "c"),
    }
    manifest = {
        "version": told.pop("version", "1.0.0"),
        "inputs": {"sources": sources, "code": told.pop("code", "x"), "lock": "y"},
        "geography": [],
        "indicators": {row[0]: trace for row in tables["indicators"]},
        "tables": {n: {"rows": len(rows), "content": repr(rows)} for n, rows in tables.items()},
    }
    assert not told
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return read_side(folder)


@pytest.fixture
def con():
    with duckdb.connect() as con:
        yield con


@pytest.fixture
def differ(con, tmp_path):
    """How a release with *after* differs from one with *before*, and the rows of its delta."""

    def call(before, after, renamed=None, **told):
        old = release(tmp_path / "old", before, **told.pop("old", {}))
        new = release(tmp_path / "new", after, **told)
        changes = compare(con, old, new, renamed or {})
        rows = con.execute("from delta order by indicator, territory_id, period").fetchall()
        return changes, rows

    return call


SAME = [observe("rate", "COM-1", "2025", 10), observe("rate", "COM-2", "2025", 20)]


def test_nothing_has_changed(differ):
    changes, rows = differ(SAME, SAME)
    assert (rows, changes["indicators"], changes["tables"]) == ([], [], [])
    assert kind_of(changes) == "none"


def test_what_was_added_modified_and_deleted_and_why(differ):
    before = [*SAME, observe("rate", "EPCI-1", "2025", 15)]
    after = [
        observe("rate", "COM-1", "2025", 11),
        observe("rate", "COM-2", "2025", 20),
        observe("rate", "COM-1", "2026", 12),
    ]
    changes, rows = differ(before, after, file="2")
    assert rows == [
        ("rate", "COM-1", "2025", "modified", 10, "A", 11, "A", "source_file"),
        ("rate", "COM-1", "2026", "added", None, None, 12, "A", "source_file"),
        ("rate", "EPCI-1", "2025", "deleted", 15, "A", None, None, "source_file"),
    ]
    (rate,) = changes["indicators"]
    assert (rate["added"], rate["modified"], rate["deleted"]) == (1, 1, 1)
    assert rate["spans"] == [
        {"change": "removed", "kind": "level", "name": "epci"},
        {"change": "added", "kind": "period", "name": "2026"},
    ]
    assert kind_of(changes) == "major"  # a level is gone


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"file": "2"}, "source_file"),
        ({"fix": "d"}, "correction"),
        ({"method": "n"}, "method"),
        ({"method": "n", "file": "2", "code": "z"}, "source_file;method"),
        ({"code": "z"}, "code"),
        ({"memberships": [("COM-2", "EPCI-1", None)]}, "unexplained"),
        ({}, "unexplained"),
    ],
)
def test_the_cause_of_a_change(differ, told, reason):
    after = [observe("rate", "COM-1", "2025", 11), SAME[1]]
    assert differ(SAME, after, **told)[1][0][-1] == reason


def test_what_moved_on_the_map_is_told_of_that_territory_alone(differ):
    places = [PLACES[0], (*PLACES[1][:3], "EPCI-2", *PLACES[1][4:]), PLACES[2]]
    after = [observe("rate", "COM-1", "2025", 11), observe("rate", "COM-2", "2025", 21)]
    changes, rows = differ(SAME, after, territories=places, code="z")
    assert [row[-1] for row in rows] == ["code", "geography"]
    assert changes["territories"]["counts"]["placed_elsewhere"] == 1
    assert changes["territories"]["changed"][0]["territory_id"] == "COM-2"


def test_a_value_that_is_hidden_now_does_not_tell_what_it_was(differ):
    after = [observe("rate", "COM-1", "2025", 10, "Q"), SAME[1]]
    rows = differ(SAME, after)[1]
    assert rows == [("rate", "COM-1", "2025", "modified", None, "A", None, "Q", "secrecy")]


def test_a_row_that_is_gone_from_where_something_is_hidden_does_not_tell_what_it_was(differ):
    before = [*SAME, observe("rate", "EPCI-1", "2025", 3, "Q")]
    rows = differ(before, [SAME[0], observe("rate", "EPCI-1", "2025", 3, "Q")])[1]
    assert rows == [("rate", "COM-2", "2025", "deleted", None, "A", None, None, "unexplained")]


def test_what_the_catalogue_keeps_secret_does_not_tell_what_it_was(con, tmp_path):
    old, new = release(tmp_path / "old", SAME), release(tmp_path / "new", SAME[:1])
    compare(con, old, new, {}, secret=["rate"])
    assert con.execute("select old_value from delta").fetchall() == [(None,)]


def test_a_renamed_indicator_is_compared_with_itself(differ):
    after = [observe("new_rate", "COM-1", "2025", 10), observe("new_rate", "COM-2", "2025", 21)]
    changes, rows = differ(SAME, after, renamed={"rate": "new_rate", "older": "new_rate"})
    assert [row[:7] for row in rows] == [
        ("new_rate", "COM-2", "2025", "modified", 20, "A", 21),
    ]
    (told,) = changes["indicators"]
    assert (told["change"], told["formerly"]) == ("renamed", "rate")
    assert kind_of(changes) == "major"


def test_a_new_indicator_and_one_that_is_gone(differ):
    changes, rows = differ(SAME, [observe("other", "COM-1", "2025", 1)])
    assert {(row[0], row[3], row[-1]) for row in rows} == {
        ("other", "added", "new_indicator"),
        ("rate", "deleted", "removed_indicator"),
    }
    assert {each["indicator"]: each["change"] for each in changes["indicators"]} == {
        "other": "added",
        "rate": "removed",
    }


def test_a_unit_that_is_another_is_a_break(differ):
    changes, _ = differ(SAME, SAME, indicators=describe("rate", unit="v"))
    assert changes["indicators"][0]["definition"] == [
        {"property": "unit_fr", "old": "u", "new": "v"}
    ]
    assert kind_of(changes) == "major"


def test_an_indicator_that_moved_to_another_dataset_is_a_break(differ):
    """As those of a dataset that was renamed do: the files that hold them have other names."""
    changes, _ = differ(SAME, SAME, indicators=describe("rate", dataset="other"))
    assert kind_of(changes) == "major"


def test_a_new_year_is_no_other_description(differ):
    after = [*SAME, observe("rate", "COM-1", "2026", 12), observe("rate", "COM-2", "2026", 20)]
    changes, _ = differ(SAME, after, indicators=describe("rate", last="2026"))
    assert changes["indicators"][0]["definition"] == []
    assert kind_of(changes) == "minor"
    assert summarise(changes, "minor")["en"] == ["rate: observations 2 added (unknown cause)."]


@pytest.mark.parametrize(
    ("kind", "after"),
    [("major", "2.0.0"), ("minor", "1.10.0"), ("patch", "1.9.11"), ("none", "1.9.11")],
)
def test_the_next_version_comes_after_the_highest(kind, after):
    assert bump(["1.9.10", "1.9.9", "0.1.0"], kind, "1.0.0") == after


def test_the_first_version_is_that_of_the_package_and_no_later_one_is_lower():
    assert bump([], "first", "1.0.0") == "1.0.0"
    assert bump(["0.1.0"], "patch", "1.0.0") == "1.0.0"


def test_the_summary_tells_what_breaks_first_in_both_languages(differ):
    changes, _ = differ(SAME, [observe("other", "COM-1", "2025", 1), SAME[0]], file="2")
    assert summarise(changes, "minor") == {
        "fr": [
            "Indicateurs ajoutés : other.",
            "rate : observations 1 supprimées (nouveau fichier source).",
        ],
        "en": [
            "Indicators added: other.",
            "rate: observations 1 deleted (new source file).",
        ],
    }
    nothing = summarise(differ_free(), "patch")
    assert nothing["en"] == ["No data change: only texts or pages."]


def differ_free():
    from flows.changes.compare import no_changes

    with duckdb.connect() as con:
        return no_changes(con)


class Promise:
    """An indicator, of which the gate reads only what it promises of changes."""

    def __init__(self, **change):
        self.change = Change(**change)


def communes(values, period="2025"):
    return [observe("rate", f"COM-{n}", period, value) for n, value in enumerate(values)]


def jumps_of(con, tmp_path, before, after, **change):
    places = [
        (f"COM-{n}", "commune", f"Commune {n}", *[None] * 6, "2020-01-01", None) for n in range(20)
    ]
    old = release(tmp_path / "old", before, territories=places)
    new = release(tmp_path / "new", after, territories=places)
    compare(con, old, new, {})
    return find_jumps(con, {"rate": Promise(**change)})


def test_few_territories_may_jump(con, tmp_path):
    assert jumps_of(con, tmp_path, communes([10] * 20), communes([10] * 18 + [99, 99])) == []


def test_many_may_not_and_the_worst_are_named(con, tmp_path):
    (jump,) = jumps_of(con, tmp_path, communes([10] * 20), communes([10] * 17 + [13, 99, 40]))
    assert (
        "of the 20 values of level commune for 2025, 3 are lost or differ by over 25 %" in jump.told
    )
    assert jump.told.endswith(
        "Commune 18 (COM-18) 10 → 99, Commune 19 (COM-19) 10 → 40, Commune 17 (COM-17) 10 → 13"
    )


def test_small_values_are_measured_by_the_median_of_their_level(con, tmp_path):
    """From 0 to 1, where most have 10, is no jump."""
    before, after = communes([0] * 5 + [10] * 15), communes([1] * 5 + [10] * 15)
    assert jumps_of(con, tmp_path, before, after) == []


def test_lost_values_are_jumps(con, tmp_path):
    (jump,) = jumps_of(con, tmp_path, communes([10] * 20), communes([10] * 15))
    assert "5 are lost" in jump.told


def test_a_newest_period_is_compared_with_the_one_whose_place_it_takes(con, tmp_path):
    before = communes([10] * 20, "2025")
    assert jumps_of(con, tmp_path, before, communes([11] * 20, "2026")) == []


def test_a_newest_period_that_jumps(con, tmp_path):
    before = communes([10] * 20, "2025")
    (jump,) = jumps_of(con, tmp_path, before, communes([20] * 20, "2026"))
    assert "for 2025, 20 are lost or differ" in jump.told


def test_a_period_that_is_gone_and_was_not_the_newest_is_lost(con, tmp_path):
    before = communes([10] * 20, "2024") + communes([10] * 20, "2025")
    (jump,) = jumps_of(con, tmp_path, before, communes([10] * 20, "2025"))
    assert "of the 20 values of level commune for 2024, 20 are lost" in jump.told


def test_a_new_period_beside_the_old_ones_is_no_jump(con, tmp_path):
    before = communes([10] * 20, "2025")
    assert jumps_of(con, tmp_path, before, before + communes([90] * 20, "2026")) == []


def test_what_an_indicator_promises_is_what_counts(con, tmp_path):
    before, after = communes([10] * 20), communes([99] * 20)
    assert jumps_of(con, tmp_path, before, after, max_territories_percent=100) == []


def test_a_jump_is_accepted_as_exactly_this_change(con, tmp_path):
    before = communes([10] * 20)
    (jump,) = jumps_of(con, tmp_path, before, communes([20] * 20))
    accepted = Acceptance(
        name=jump.change, indicator="rate", by="Data office", reason="checked", on="2026-11-25"
    )
    with pytest.raises(PromiseError, match="jalon accept rate --by OFFICE"):
        refuse_jumps([jump], {})
    assert refuse_jumps([jump], {jump.change: accepted}) == [accepted]

    (other,) = jumps_of(con, tmp_path / "again", before, communes([20] * 19 + [21]))
    assert other.change != jump.change
    with pytest.raises(PromiseError):
        refuse_jumps([other], {jump.change: accepted})
