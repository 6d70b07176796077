"""Every indicator, on the small project: values worked out by hand from the rows of tests/data."""

import pytest

from flows.steps.build import insert_parts
from flows.warehouse import connect, shared_sql
from project import ROOT
from test_sources import VALUES

# Rennes, Cesson-Sévigné and Betton are DEP-35 and one EPCI; Troarn and Sannerville are DEP-14.
EXPECTED = [
    ("population", "EPCI-243500139", "2023", 262615),  # 230890 + 18761 + 12964
    ("population", "COM-55039", "2023", 0),  # nobody lives there: a fact, not a gap
    ("population_change", "DEP-35", "2023", 1.520792),  # 100 × (262615 − 258681) / 258681
    ("population_change", "DEP-35", "2022", 1.236541),  # 100 × (258681 − 252438) / (2 × 252438)
    ("population_change", "COM-97611", "2023", None),  # one census only: no change, not none
    ("population_change", "COM-55039", "2023", None),  # 0 / 0
    ("population_density", "COM-55039", "2023", 0),  # nobody lives there
    ("commune_count", "DEP-35", "2026", 3),
    ("commune_count", "FRA", "2026", 14),  # 16 communes, of which two in collectivities
    ("commune_count", "COL-987", "2026", 1),
    ("residents_per_commune", "DEP-35", "2023", 87538.333333),  # 262615 / 3
    ("small_commune_residents_share", "DEP-14", "2023", 35.647455),  # 1905 / (1905 + 3439)
    ("women_councillors_share", "DEP-35", "2026", 48.571429),  # (9 + 4 + 4) / (17 + 9 + 9)
    ("women_councillors_share", "COM-55039", "2026", None),  # no council
    ("women_mayors_share", "DEP-35", "2026", 33.333333),  # 1 of 3
    ("women_mayors_share", "DEP-75", "2026", None),  # one mayor: hidden
    ("women_deputy_mayors_share", "DEP-35", "2026", 46.153846),  # (2 + 2 + 2) / (5 + 4 + 4)
    ("mayor_mean_age", "DEP-35", "2026", 58),  # (51 + 57 + 66) / 3
    ("councillors_under_40_share", "REG-53", "2026", 0),  # 0 / (9 + 9 + 9)
    # In these few rows it counts what an indicator on mayors counts: it is hidden with that one.
    ("councillors_under_40_share", "COM-35238", "2026", None),
    ("councillors_under_40_share", "REG-11", "2026", None),
    ("councillors_rate", "COM-35238", "2026", 0.073628),  # 1000 × 17 / 230890
    ("town_hall_website_share", "DEP-14", "2026", 50),  # Sannerville has one, Troarn has not
    ("town_hall_secure_website_share", "DEP-2A", "2026", 50),  # Ajaccio https, Bonifacio http
    ("town_hall_secure_website_share", "COM-14712", "2026", None),  # no website: cannot exist
    ("town_hall_weekly_hours", "COM-01033", "2026", 35),  # 6.5 + 6 + 6.5 + 7 + 6.5 + 2.5
    ("town_hall_weekly_hours", "DEP-35", "2026", 40),  # (42.5 + 40.5 + 37) / 3
    ("town_hall_weekly_hours", "COM-75056", "2026", None),  # hours not given
    ("town_hall_weekend_share", "DEP-35", "2026", 66.666667),  # 2 of 3
    ("road_accidents", "COM-01033", "2019", 6),  # 5, and 1 under the code of before the merger
    ("road_accidents", "COM-75056", "2019", 224),  # 139 + 85 in its arrondissements
    ("road_accidents", "COM-55039", "2019", 0),  # its département is in the file
    ("road_accidents", "COM-14712", "2019", None),  # its département is not: missing, never zero
    ("road_accidents", "FRA", "2019", None),  # a sum with a missing part is not given
    ("road_deaths", "DEP-35", "2019", 5),  # 4 + 1 + 0
    ("road_accidents_rate", "DEP-35", "2019", 16.530911),  # 10 000 × 413 / 249835
    ("road_deaths_rate", "DEP-35", "2019", 20.013209),  # 1 000 000 × 5 / 249835
    ("road_severity", "DEP-35", "2019", 1.210654),  # 100 × 5 / 413
    ("road_severity", "COM-55039", "2019", None),  # no accident: cannot exist
    ("housing_tax_rate", "COM-35238", "2018", 35.63),  # 21.99 + 13.64
    ("housing_tax_rate", "COM-01033", "2018", None),  # three communes then, with three rates
    ("housing_tax_rate", "COM-14666", "2018", 27.0899),  # that of the commune it was part of
    ("mean_rental_value", "COM-35238", "2018", 2801),
    ("mean_rental_value", "COM-55039", "2018", None),  # 0 means not given
    ("tense_housing_residents_share", "DEP-35", "2024", 100),
    ("tense_housing_residents_share", "DEP-14", "2024", 0),  # B2 and C
    ("reclassified_housing_residents_share", "DEP-35", "2024", 87.919578),  # 230890 / 262615
    ("innovation_labs", "REG-53", "2020", 2),  # one of the région, one in Rennes
    ("innovation_labs", "REG-11", "2020", None),  # none named: not known, rather than zero
    ("innovation_labs", "FRA", "2020", None),
]
WORKED_ELSEWHERE = {"farmer_mayors_share", "retired_mayors_share"}  # none among these mayors


@pytest.mark.parametrize(("indicator", "territory", "period", "expected"), EXPECTED)
def test_value(small, indicator, territory, period, expected):
    query = (
        "select value from indicators.observations"
        " where indicator = ? and territory_id = ? and period = ?"
    )

    found = small.execute(query, [indicator, territory, period]).fetchall()

    assert found == [(pytest.approx(expected, abs=1e-6) if expected is not None else None,)]


@pytest.mark.parametrize(
    ("territory", "people", "area_km2"),
    [
        ("COM-35238", 230890, 50.39),
        ("COM-75056", 2103778, 105.40),
        ("EPCI-243500139", 262615, 50.39 + 32.14 + 26.68),  # Cesson-Sévigné, Betton
    ],
)
def test_density_agrees_with_the_areas_that_insee_gives(small, territory, people, area_km2):
    query = "select value from indicators.observations where indicator = 'population_density'"
    found = small.execute(f"{query} and period = '2023' and territory_id = ?", [territory])

    assert found.fetchone()[0] == pytest.approx(people / area_km2, rel=0.005)


def test_every_indicator_is_worked_out(catalog):
    of_the_network = {indicator for indicator, *_ in VALUES}
    here = {row[0] for row in EXPECTED} | WORKED_ELSEWHERE
    assert here | of_the_network == set(catalog.indicators)


@pytest.mark.parametrize(
    ("indicator", "expected"), [("farmer_mayors_share", (1, 3)), ("retired_mayors_share", (2, 3))]
)
def test_profession_of_mayors(tmp_path, catalog, indicator, expected):
    with connect(tmp_path / "w.duckdb") as con:
        con.execute(shared_sql("floors") + shared_sql("parts"))
        # A farmer, two retired, one mayor who gives none, and a farmer who is no mayor.
        con.execute(
            "create table core.municipal_councillors as"
            " select '01001' as commune_code, 2026 as vintage, * from (values"
            " (true, 1), (true, 7), (true, 7), (true, null), (false, 1))"
            " as councillors (is_mayor, profession_group)"
        )
        query = (ROOT / f"catalog/indicators/{indicator}.sql").read_text(encoding="utf-8")

        insert_parts(con, catalog.indicators[indicator], query)

        counts = con.execute("select numerator, denominator from parts.observations").fetchall()
        assert counts == [expected]


def test_no_rate_is_given_above_the_level_of_its_source(small):
    levels = small.execute(
        "select distinct split_part(territory_id, '-', 1) from indicators.observations"
        " where indicator in ('housing_tax_rate', 'mean_rental_value')"
    ).fetchall()

    assert levels == [("COM",)]


def test_what_concerns_one_person_is_given_from_the_epci_upwards(small):
    count = small.execute(
        "select count(*) from indicators.observations where starts_with(territory_id, 'COM-')"
        " and (indicator like '%mayor%')"
    ).fetchone()

    assert count == (0,)


def test_a_hidden_value_hides_its_counts(small):
    rows = small.execute(
        "select value, numerator, denominator, obs_status, conf_status"
        " from indicators.observations"
        " where indicator = 'mayor_mean_age' and territory_id = 'DEP-75'"
    ).fetchall()

    assert rows == [(None, None, None, "Q", "C")]


@pytest.mark.parametrize(
    ("indicator", "territory", "period", "status"),
    [
        ("population", "COM-35238", "2023", "A"),
        ("population", "DEP-976", "2023", "E"),  # the census of 2017, carried over
        ("population", "FRA", "2023", "E"),
        ("housing_tax_rate", "COM-35238", "2020", "B"),  # rates frozen from here on
        ("road_severity", "COM-55039", "2019", "M"),
        ("road_accidents", "COM-14712", "2019", "O"),
    ],
)
def test_status(small, indicator, territory, period, status):
    query = (
        "select obs_status from indicators.observations"
        " where indicator = ? and territory_id = ? and period = ?"
    )

    assert small.execute(query, [indicator, territory, period]).fetchall() == [(status,)]
