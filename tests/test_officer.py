"""`jalon indicator` and `jalon explain`: what an officer asks of a number."""

import csv
import json

import pytest
from click.testing import CliRunner

from flows.card import SHADES, _draw, make_card
from flows.catalog.columns import Trace
from flows.cli import jalon
from flows.errors import CatalogError
from flows.explained import _check, explain
from flows.source_rows import _skip
from project import DATA

RENNES = "EPCI-243500139"


def run(settings, *arguments):
    return CliRunner().invoke(jalon, ["--root", str(settings.root), *arguments])


# Where columns come from

TABLES = {
    "raw.deaths": {"insee": "varchar", "year": "bigint", "killed": "bigint"},
    "core.deaths": {
        "commune_code": "varchar",
        "death_year": "bigint",
        "killed_count": "bigint",
        "population_share": "decimal",
    },
    "core.people": {"commune_code": "varchar", "inhabitants": "bigint"},
}
DEATHS = """
with kept as (select insee, year, killed from raw.deaths where year > 2000)
select insee as commune_code, year as death_year, killed as killed_count from kept
"""


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("select killed_count as numerator from core.deaths", {"raw.deaths.killed"}),
        (
            "select sum(d.killed_count * d.population_share) as numerator from core.deaths as d",
            {"raw.deaths.killed", "core.deaths.population_share"},
        ),
        ("select count(*) as numerator from core.deaths", set()),
        (
            "select coalesce(d.killed_count, 0) as numerator from core.people as p"
            " left join core.deaths as d on p.commune_code = d.commune_code",
            {"raw.deaths.killed"},
        ),
        (
            "select numerator from (select year as numerator from raw.deaths"
            " union all select inhabitants from core.people)",
            {"raw.deaths.year", "core.people.inhabitants"},
        ),
    ],
)
def test_a_column_is_traced_to_the_publisher(catalog, query, expected):
    known = catalog.model_copy(update={"queries": {"sources": {"deaths": DEATHS}, "tables": {}}})
    assert Trace(known, TABLES).origins(query)["numerator"] == expected


def test_a_query_that_cannot_be_read_has_no_columns(catalog):
    assert Trace(catalog, TABLES).origins("select from where") == {}


def test_every_indicator_comes_from_somewhere(ran, catalog):
    every = (ran[0].catalog / "indicators").glob("*.yml")
    cards = [card for card in (_card_of(ran[0], path.stem) for path in every) if card]
    assert len(cards) > 20
    for card in cards:
        name, columns = card.indicator.name, card.columns
        assert {"numerator", "value"} & columns.keys(), name
        places = ("commune_code", "epci_code", "departement_code", "region_code")
        assert any(columns.get(place) for place in places), name


def _card_of(settings, name):
    """None where no data are given for it."""
    try:
        return make_card(settings, name)
    except CatalogError:
        return None


# The card of an indicator


def test_a_card(ran):
    card = make_card(ran[0], "road_deaths_rate", "commune")
    counts = next(row for row in card.levels if row["level"] == "commune")
    # Of the sixteen communes of today one is without inhabitants, and so has no rate.
    assert (counts["territories"], counts["with_value"], counts["not_applicable"]) == (16, 15, 1)
    values = [row["value"] for row in card.highest]
    assert len(values) == 10
    assert values == sorted(values, reverse=True)
    assert card.lowest[0]["value"] == 0
    assert card.columns["numerator"] == [
        "core.road_accidents.population_share",
        "road_accidents.killed",
    ]
    assert "road_accidents" in {file["source"] for file in card.sources}


def test_a_card_tells_of_what_is_known(ran):
    said = run(ran[0], "indicator", "road_deaths_rate", "--lang", "fr", "--level", "epci").output
    for words in ("Personnes tuées", "Highest (epci)", "Rennes Métropole", "killed", "sha256"):
        assert words in said
    told = json.loads(run(ran[0], "indicator", "road_deaths_rate", "--json").output)
    assert told["indicator"]["title"]["en"].startswith("People killed")
    assert told["level"] == "commune"


def test_the_map_of_what_is_missing():
    def square(row, column, missing, communes=100):
        return {"map_row": row, "map_column": column, "missing": missing, "communes": communes}

    drawn = _draw([square(0, 1, 0), square(0, 3, 1), square(2, 0, 50), square(2, 1, 100)])
    assert drawn == [" · ░", "", "▒█"]
    assert _draw([square(0, 0, 0)]) == []
    assert SHADES[0] == "·"


def test_the_map_of_the_small_project(ran):
    drawn = make_card(ran[0], "town_hall_weekend_share").missing_map
    told = {number: line.split() for number, line in enumerate(drawn) if line}
    # One of two communes near Caen, and one of two of the Meuse; Paris, but not Aubervilliers.
    assert told == {4: ["▒", "▒"], 5: ["█·"], 7: ["·"], 12: ["·"], 22: ["·"], 23: ["·"]}
    assert drawn[4].index("▒") < drawn[5].index("█") < drawn[4].rindex("▒")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("indicator", "road_death"), "no such indicator (known: road_deaths"),
        (("indicator", "fibre_coverage"), "has no value in the warehouse"),
        (("indicator", "road_deaths", "--level", "ville"), "has no value at level ville (known: "),
        (("explain", "road_deaths", "35238"), "is not given for 35238"),
        (("explain", "road_deaths", "COM-35238", "--period", "1999"), "not given for 1999 (known:"),
        (("explain", "nope", "FRA"), "no such indicator"),
    ],
)
def test_what_is_not_there_is_named(ran, arguments, words):
    done = run(ran[0], *arguments)
    assert isinstance(done.exception, CatalogError)
    assert words in str(done.exception)


def test_nothing_was_built(project):
    assert "was not built yet" in str(run(project, "indicator", "road_deaths").exception)


# How a number came about


def test_a_number_leads_to_the_rows_of_the_publisher(ran):
    told = explain(ran[0], "road_deaths_rate", RENNES, "2020")
    assert (told.observation["numerator"], told.observation["denominator"]) == (4, 252_438)
    assert [each["part_id"] for each in told.members] == ["COM-35238", "COM-35051", "COM-35024"]
    assert sum(each["numerator"] for each in told.members) == 4
    file = next(file for file in told.files if file["source"] == "road_accidents")
    with (DATA / "road_accidents-2020.csv").open(encoding="utf-8") as lines:
        rows = dict(enumerate(csv.DictReader(lines), start=2))
    found = [rows[number] for number in file["source_rows"]]
    assert {row["year"] for row in found} == {"2020"}
    assert {row["commune_code"] for row in found} == {"35238", "35051", "35024"}
    assert sum(int(row["killed"]) for row in found) == 4
    assert all(each["holds"] for each in told.checks)


@pytest.mark.parametrize(
    ("name", "territory", "source", "rows"),
    [
        ("road_deaths", "COM-35238", "road_accidents", 1),
        ("housing_tax_rate", "COM-35238", "local_tax", 1),
        ("tense_housing_residents_share", "COM-35238", "housing_tension", 1),
        ("town_hall_website_share", "COM-35238", "town_halls", 1),
        ("councillors_rate", "COM-35238", "municipal_councillors", 17),
        # A row of it is a commune of several maps, and no one column tells of which.
        ("population", "COM-35238", "administrative_divisions", None),
        ("innovation_labs", "REG-53", "innovation_labs", None),
        ("women_councillors_share", "COM-35238", "municipal_councillors", None),  # secrecy
    ],
)
def test_which_numbers_lead_to_rows_of_a_file(ran, name, territory, source, rows):
    told = explain(ran[0], name, territory)
    found = [file["source_rows"] for file in told.files if file["source"].startswith(source)]
    newest = found[-1]
    assert (newest if newest is None else len(newest)) == rows


@pytest.mark.parametrize(
    ("rollup", "coverage", "value", "holds"),
    [
        ("sum", 1, 12, True),
        ("sum", 0.99, 12, False),  # a part lacks, and no value should be given
        ("sum", 0.99, None, True),
        ("ratio", 0.95, 12, True),
        ("ratio", 0.94, 12, False),
    ],
)
def test_an_explanation_tells_whether_too_little_is_known(catalog, rollup, coverage, value, holds):
    indicator = catalog.indicators["road_deaths"].model_copy(
        update={"rollup": rollup, "coverage": 0.95}
    )
    status = "O" if value is None else "A"
    seen = {"value": value, "coverage": coverage, "obs_status": status}
    assert [each["holds"] for each in _check(indicator, seen)] == [True, True, holds]


def test_the_words_of_an_explanation(ran):
    said = run(ran[0], "explain", "road_deaths_rate", RENNES).output
    for words in ("numerator 4, denominator 252,438", "A: normal", "rows 50, 51, 52", "holds:"):
        assert words in said
    assert json.loads(run(ran[0], "explain", "road_deaths_rate", RENNES, "--json").output)


def test_an_estimate_says_how_it_was_made(ran):
    said = run(ran[0], "explain", "road_deaths_rate", "COM-97611").output
    assert "E: estimated" in said
    assert "take the count of another year" in said


def test_under_secrecy_neither_parts_nor_rows_are_shown(ran):
    told = explain(ran[0], "women_mayors_share", RENNES)
    assert [each["numerator"] for each in told.members] == [None] * 3
    assert [file["source_rows"] for file in told.files] == [None]
    hidden = explain(ran[0], "women_mayors_share", "DEP-93")
    assert hidden.observation["obs_status"] == "Q"
    assert hidden.observation["value"] is None


@pytest.mark.parametrize(
    ("valid", "rejected", "expected"),
    [
        ([0, 1, 2], [], [2, 3, 4]),
        ([0, 1, 2], [2], [3, 4, 5]),  # the first row of data was rejected
        ([0, 1, 2], [3, 4], [2, 5, 6]),
        ([0, 2], [3, 5], [2, 6]),
        ([1], [9], [3]),
    ],
)
def test_rejected_rows_count_too(valid, rejected, expected):
    assert _skip(valid, rejected) == expected


def test_rows_under_a_banner_keep_the_numbers_that_they_have_in_the_file():
    assert _skip([0, 1, 2], [7], first=6) == [6, 8, 9]  # a header on row 5, row 7 rejected
