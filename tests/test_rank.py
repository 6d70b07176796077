"""Comparisons on small tables worked out by hand: ranks, percentiles, medians, changes."""

from random import Random

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.catalog import load_catalog
from flows.steps.rank import build_comparisons
from flows.warehouse import shared_sql
from project import ROOT

CATALOG = load_catalog(ROOT / "catalog")
TODAY = [
    # territory, level, département, région, people
    ("COM-1", "commune", "DEP-A", "REG-1", 90),
    ("COM-2", "commune", "DEP-A", "REG-1", 120),
    ("COM-3", "commune", "DEP-A", "REG-1", 150),
    ("COM-4", "commune", "DEP-B", "REG-1", 199),
    ("COM-5", "commune", "DEP-B", "REG-1", None),
    ("EPCI-1", "epci", "DEP-A", "REG-1", 15000),
    ("EPCI-2", "epci", None, None, 14999),
    ("DEP-A", "departement", None, "REG-1", 360),
    ("USR-x", "user", "DEP-A", "REG-1", 210),
    ("ZA-1", "zone", None, None, 210),
    ("ZB-1", "zone", None, None, 210),
]


def compare(values, direction="higher_is_better", breaks=(), territories=TODAY):
    """(territory, column) → what indicators.comparisons holds, of one indicator."""
    con = duckdb.connect()
    con.execute(shared_sql("floors") + shared_sql("parts"))
    con.execute(
        "create table indicators.territories (territory_id varchar, level varchar,"
        " departement_id varchar, region_id varchar, population bigint, valid_to date);"
        "create table indicators.indicators (indicator varchar, direction varchar);"
        "create table indicators.observations (indicator varchar, territory_id varchar,"
        " period varchar, value double, obs_status varchar)"
    )
    con.executemany("insert into indicators.territories values (?, ?, ?, ?, ?, null)", territories)
    con.execute("insert into indicators.indicators values ('x', ?)", [direction])
    con.executemany("insert into indicators.observations values ('x', ?, ?, ?, ?)", rows_of(values))
    for period in breaks:
        con.execute("insert into parts.breaks values ('x', ?)", [period])
    build_comparisons(con, CATALOG)
    rows = con.execute("from indicators.comparisons")
    names = [column[0] for column in rows.description]
    return {
        (row[1], name): cell
        for row in rows.fetchall()
        for name, cell in zip(names, row, strict=True)
    }


def rows_of(values):
    """With a status: the one that is told, else `A`, or `Q` where there is no value."""
    for territory, period, value, *status in values:
        yield [territory, period, value, *(status or ["Q" if value is None else "A"])]


FOUR = [("COM-1", "2026", 10), ("COM-2", "2026", 20), ("COM-3", "2026", 20), ("COM-4", "2026", 50)]


def column(told, name):
    return {key[0]: cell for key, cell in told.items() if key[1] == name}


def test_the_best_is_first_and_equals_share_a_rank():
    ranks = column(compare(FOUR), "level_rank")
    assert ranks == {"COM-1": 4, "COM-2": 2, "COM-3": 2, "COM-4": 1}


def test_low_is_best_where_the_indicator_says_so():
    ranks = column(compare(FOUR, "lower_is_better"), "level_rank")
    assert ranks == {"COM-1": 1, "COM-2": 2, "COM-3": 2, "COM-4": 4}


def test_the_highest_is_first_where_no_direction_is_better():
    assert column(compare(FOUR, "neutral"), "level_rank")["COM-4"] == 1


def test_percentiles_follow_the_value_and_equals_count_by_half():
    told = compare(FOUR, "lower_is_better")
    percentiles = {"COM-1": 12.5, "COM-2": 50, "COM-3": 50, "COM-4": 87.5}
    assert column(told, "level_percentile") == percentiles
    assert column(told, "level_quartile") == {"COM-1": 1, "COM-2": 2, "COM-3": 2, "COM-4": 4}
    assert column(told, "level_median") == dict.fromkeys(percentiles, 20)
    assert told["COM-4", "level_median_distance"] == 30


def test_a_group_holds_those_of_one_departement_or_one_size():
    told = compare(FOUR)
    assert column(told, "parent_count") == {"COM-1": 3, "COM-2": 3, "COM-3": 3, "COM-4": 1}
    assert told["COM-1", "parent_rank"] == 3
    assert told["COM-1", "parent_quartile"] is None  # of three there are no quarters
    assert told["COM-1", "size_class"] == "0-99"
    assert told["COM-4", "size_class"] == "100-199"
    assert told["COM-4", "size_median"] == 20


def test_what_has_no_value_has_no_row_and_no_rank_is_made_of_it():
    told = compare([*FOUR, ("COM-5", "2026", None)])
    assert ("COM-5", "level_rank") not in told
    assert told["COM-4", "level_count"] == 4


def test_groups_of_an_epci():
    told = compare([("EPCI-1", "2026", 1), ("EPCI-2", "2026", 2)])
    assert (told["EPCI-1", "parent_id"], told["EPCI-1", "size_class"]) == ("REG-1", "15000-29999")
    assert (told["EPCI-2", "parent_id"], told["EPCI-2", "parent_rank"]) == (None, None)
    assert (told["EPCI-2", "level_rank"], told["EPCI-2", "size_class"]) == (1, "0-14999")


def test_a_zone_is_compared_within_its_zoning_and_a_territory_of_ones_own_with_none():
    told = compare([("ZA-1", "2026", 1), ("ZB-1", "2026", 2), ("USR-x", "2026", 3)])
    assert column(told, "level_count") == {"ZA-1": 1, "ZB-1": 1, "USR-x": 1}


YEARS = [("DEP-A", f"{year}-Q2", value) for year, value in ((2019, 1), (2021, 3), (2025, 7))]


def test_changes_are_those_of_the_same_time_of_the_year():
    told = compare([*YEARS, ("DEP-A", "2026-Q2", 12), ("DEP-A", "2025-Q1", 99)])
    assert told["DEP-A", "change_1_year"] == 5
    assert told["DEP-A", "change_5_years"] == 9
    assert told["DEP-A", "change_since_start"] == 11
    assert told["DEP-A", "start_period"] == "2019-Q2"


def test_no_change_goes_over_a_break_or_a_value_that_is_not_there():
    told = compare([*YEARS, ("DEP-A", "2026-Q2", 12)], breaks=["2025-Q2"])
    assert told["DEP-A", "change_1_year"] == 5
    assert told["DEP-A", "change_5_years"] is None
    assert (told["DEP-A", "start_period"], told["DEP-A", "change_since_start"]) == ("2025-Q2", 5)
    told = compare([*YEARS, ("DEP-A", "2026-Q2", 12)], breaks=["2026-Q2", "2027-Q1"])
    names = ("change_1_year", "start_period", "change_since_start")
    assert [told["DEP-A", name] for name in names] == [None, None, None]


def test_a_hidden_value_has_no_change_from_it_and_no_row():
    told = compare([("DEP-A", "2025", None, "Q"), ("DEP-A", "2026", 12)])
    assert told["DEP-A", "change_1_year"] is None
    assert told["DEP-A", "start_period"] is None
    told = compare([("COM-1", "2025", 12), ("COM-1", "2026", None, "Q"), *FOUR[1:]])
    assert set(column(told, "value")) == {"COM-2", "COM-3", "COM-4"}


def test_a_value_has_its_own_status_not_that_of_another_period():
    told = compare(
        [
            *FOUR[:2],
            ("COM-3", "2025", 7, "B"),
            ("COM-3", "2026", 20, "E"),
            ("COM-4", "2026", 5, "P"),
        ]
    )
    statuses = {"COM-1": "A", "COM-2": "A", "COM-3": "E", "COM-4": "P"}
    assert column(told, "obs_status") == statuses


def test_an_older_value_is_not_compared_with_the_newest_of_others():
    told = compare([*FOUR[1:], ("COM-1", "2025", 10)])
    assert ("COM-1", "value") not in told


@given(st.lists(st.integers(-3, 3), min_size=1, max_size=30), st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_laws_of_ranks(values, random: Random):
    rows = [(f"COM-{i}", "2026", value) for i, value in enumerate(values)]
    territories = [(row[0], "commune", "DEP-A", "REG-1", 10) for row in rows]
    told = compare(rows, territories=territories)
    shuffled = random.sample(rows, len(rows))
    assert compare(shuffled, territories=territories) == told
    ranks = column(told, "level_rank")
    for name, _, value in rows:
        assert ranks[name] == 1 + sum(other > value for other in values)
    # The mean percentile is 50, whatever the ties.
    percentiles = column(told, "level_percentile").values()
    assert sum(percentiles) / len(values) == pytest.approx(50, abs=0.01)
    assert column(told, "size_rank") == ranks == column(told, "parent_rank")
