"""Targets on small tables worked out by hand: progress, pace, what is required, on track or not."""

import re

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.catalog import Catalog, Target, load_catalog
from flows.errors import CatalogError
from flows.steps.aim import build_targets
from flows.warehouse import shared_sql
from project import ROOT

CATALOG = load_catalog(ROOT / "catalog")
TARGET = {
    "name": "t",
    "title": {"fr": "Cible", "en": "Target"},
    "description": {"fr": "Texte", "en": "Text"},
    "reference": "https://example.org/law",
}


def catalog(target: dict, query: str | None = None) -> Catalog:
    queries = {"targets": {"t": query} if query else {}}
    targets = {"t": Target(**TARGET, **target)}
    return CATALOG.model_copy(update={"targets": targets, "queries": queries})


def aim(target, values, direction="higher_is_better", breaks=(), query=None, estimated=()):
    """The rows of indicators.targets as dicts; *values* are those of FRA, by period."""
    con = duckdb.connect()
    con.execute(shared_sql("floors") + shared_sql("parts"))
    con.execute(
        "create table indicators.territories (territory_id varchar, valid_to date);"
        "create table indicators.indicators (indicator varchar, direction varchar);"
        "create table indicators.observations (indicator varchar, territory_id varchar,"
        " period varchar, value double, obs_status varchar);"
        "insert into indicators.territories values ('FRA', null), ('DEP-35', null),"
        " ('COM-9', date '2020-01-01')"
    )
    con.execute("insert into indicators.indicators values ('x', ?)", [direction])
    for period, value in values.items():
        status = "Q" if value is None else "E" if period in estimated else "A"
        con.execute(
            "insert into indicators.observations values ('x', 'FRA', ?, ?, ?)",
            [period, value, status],
        )
    for period in breaks:
        con.execute("insert into parts.breaks values ('x', ?)", [period])
    build_targets(con, catalog(target, query))
    rows = con.execute("from indicators.targets order by all")
    names = [column[0] for column in rows.description]
    return [dict(zip(names, row, strict=True)) for row in rows.fetchall()]


def rising(initial="2020", due="2030", to=100, **start):
    return {
        "indicator": "x",
        "initial": {"period": initial, **start},
        "due": {"period": due, "value": to},
    }


def facts(row):
    names = ("progress_percent", "pace_per_year", "required_pace_per_year", "target_status")
    return tuple(row[name] for name in names)


@pytest.mark.parametrize(
    ("current", "expected"),
    [
        (70, (40, 5, 5, "on_track")),  # 20 of 50 in four of ten years
        (90, (80, 10, 10 / 6, "on_track")),
        (60, (20, 2.5, 40 / 6, "behind")),
        (40, (-20, -2.5, 10, "behind")),
        (100, (100, 12.5, 0, "reached")),
        (120, (140, 17.5, -20 / 6, "reached")),
    ],
)
def test_progress_and_pace_are_those_of_a_straight_line(current, expected):
    (row,) = aim(rising(), {"2020": 50, "2024": current})
    assert facts(row)[:3] == pytest.approx(expected[:3])
    assert row["target_status"] == expected[3]


def test_a_target_may_lie_below_and_be_a_change_in_percent_of_what_was_observed():
    target = {
        "indicator": "x",
        "initial": {"period": "2019"},
        "due": {"period": "2030", "change_percent": -50},
    }
    (row,) = aim(target, {"2019": 3400, "2020": 3000}, "lower_is_better")
    assert (row["initial_value"], row["target_value"]) == (3400, 1700)
    assert row["progress_percent"] == pytest.approx(100 * 400 / 1700)
    assert row["pace_per_year"] == -400
    assert row["required_pace_per_year"] == -130
    assert row["target_status"] == "on_track"


def test_months_and_quarters_end_where_they_end():
    (row,) = aim(rising("2022-06", "2023-Q4", 12, value=0), {"2022-12": 4})
    # Half a year gone, one left: 4 in half a year, 8 in the next.
    assert facts(row) == (pytest.approx(100 / 3), 8, 8, "on_track")


def test_the_value_of_the_text_stands_before_that_of_the_indicator():
    (row,) = aim(rising(value=60), {"2020": 50, "2024": 70})
    assert row["initial_value"] == 60
    assert row["progress_percent"] == 25


def test_what_is_late_is_missed():
    (row,) = aim(rising(due="2024"), {"2020": 50, "2024": 99})
    assert facts(row) == (98, 12.25, None, "missed")


@pytest.mark.parametrize("values", [{}, {"2024": None}, {"2020": 50}, {"2024": 70}])
def test_without_values_nothing_is_known(values):
    (row,) = aim(rising(), values)
    assert row["target_status"] == "unknown"
    assert row["progress_percent"] is None


def test_a_break_cuts_what_can_be_compared():
    values = {"2020": 50, "2024": 70}
    assert facts(aim(rising(), values, breaks=["2022"])[0]) == (None, None, 5, "not_comparable")
    for harmless in ("2020", "2025"):
        assert aim(rising(), values, breaks=[harmless])[0]["target_status"] == "on_track"


def test_to_keep_what_one_has_is_judged_by_the_direction():
    values = {"2020": 50, "2024": 49}
    assert aim(rising(to=50), values)[0]["target_status"] == "behind"
    assert aim(rising(to=50), values, "lower_is_better")[0]["target_status"] == "reached"
    assert aim(rising(to=50), values, "neutral")[0]["target_status"] == "unknown"
    assert aim(rising(to=50), values)[0]["progress_percent"] is None


GIVEN = (
    "select 'x' as indicator, {territory} as territory_id, '2020' as initial_period,"
    " 50.0 as initial_value, '2030' as target_period, 100.0 as target_value"
)


def test_an_sql_gives_as_many_targets_as_it_has_rows():
    query = GIVEN.format(territory="unnest(['FRA', 'DEP-35'])")
    far, here = aim({}, {"2024": 70}, query=query)
    assert (far["territory_id"], far["target_status"]) == ("DEP-35", "unknown")
    assert (here["territory_id"], here["target_status"]) == ("FRA", "on_track")


@pytest.mark.parametrize("territory", ["DEP-99", "COM-9"])
def test_a_territory_that_is_not_of_today_is_refused(territory):
    with pytest.raises(CatalogError, match=f"x of {territory} is not published"):
        aim({}, {}, query=GIVEN.format(territory=f"'{territory}'"))


def test_an_sql_without_its_columns_is_refused():
    with pytest.raises(CatalogError, match=re.escape("catalog/targets/t.sql")):
        aim({}, {}, query="select 1 as indicator")


@given(st.integers(1, 9), st.integers(-1000, 1000), st.integers(-1000, 1000).filter(bool))
@settings(max_examples=40)
def test_on_a_straight_line_one_is_always_on_track(year, start, distance):
    value = start + distance * year / 10
    (row,) = aim(rising(to=start + distance), {"2020": start, f"202{year}": value})
    assert row["target_status"] == "on_track"
    assert row["progress_percent"] == pytest.approx(10 * year)
    assert row["pace_per_year"] == pytest.approx(row["required_pace_per_year"])


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"indicator": "x"}, "go together"),
        (rising(due="2020"), "comes after"),
        ({**rising(), "due": {"period": "2030"}}, "either value: or change_percent:"),
        ({**rising(), "due": {"period": "2030-13", "value": 1}}, "pattern"),
    ],
)
def test_a_target_that_says_too_little_is_refused(body, words):
    with pytest.raises(ValueError, match=words):
        Target(**TARGET, **body)


def test_values_have_the_status_that_they_are_observed_with():
    (row,) = aim(rising(), {"2020": 50, "2024": 70}, estimated=["2020"])
    assert (row["initial_status"], row["current_status"]) == ("E", "A")
    # An initial value that the text gives is its own, whatever is observed.
    (row,) = aim(rising(value=40), {"2020": 50, "2024": 70}, estimated=["2020", "2024"])
    assert (row["initial_value"], row["initial_status"], row["current_status"]) == (40, None, "E")
    # Hidden where it begins: nothing to begin from, and it says so.
    (row,) = aim(rising(), {"2020": None, "2024": 70})
    assert (row["initial_value"], row["initial_status"], row["current_status"]) == (None, "Q", "A")
