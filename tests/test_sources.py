"""The sources of the network, on samples written by hand: each is read, and gives what it must."""

from types import SimpleNamespace

import duckdb
import pytest

from flows.catalog import load_catalog
from flows.catalog.lineage import sources_of
from flows.steps.load import load_raw
from flows.warehouse import reads_of
from project import ROOT, make_source
from samples import find_sample

CATALOG = load_catalog(ROOT / "catalog")
LIVE = [source for source in CATALOG.sources.values() if source.is_live]
# What is wrong in a sample on purpose, as in the real file.
REJECTED = {"epci_perimeters": 1}  # a blank row at the end


@pytest.mark.parametrize("source", LIVE, ids=lambda source: source.name)
def test_a_sample_is_read_whole(source, with_samples):
    assert find_sample(source).is_file()
    reports = with_samples[1].reports[source.name]
    assert sum(report.rows for report in reports) > 0
    assert {report.rejected_rows for report in reports} == {REJECTED.get(source.name, 0)}


def test_every_source_and_indicator_is_at_hand(with_samples):
    catalog = with_samples[1].catalog
    assert catalog.sources.keys() == CATALOG.sources.keys()
    assert catalog.indicators.keys() == CATALOG.indicators.keys()
    assert with_samples[1].issues == []


@pytest.fixture
def value_of(sampled):
    def find(indicator, territory, period):
        found = sampled.execute(
            "select value from indicators.observations"
            " where indicator = ? and territory_id = ? and period = ?",
            [indicator, territory, period],
        ).fetchall()
        return round(found[0][0], 4) if found and found[0][0] is not None else None

    return find


VALUES = [
    # Two offices in Rennes; none in Betton, which is no gap in a complete list.
    ("france_services_count", "COM-35238", "2024", 2),
    ("france_services_count", "COM-35024", "2024", 0),
    ("france_services_count", "COM-75056", "2024", 1),  # its arrondissement 75101
    ("france_services_count", "FRA", "2024", 10),
    ("france_services_count", "FRA", "2021", 5),
    # 2 of 12,964 + 18,761 + 230,890 inhabitants.
    ("france_services_rate", "EPCI-243500139", "2024", round(2e5 / 262615, 4)),
    ("third_places", "COM-35238", "2019", 2),
    ("digital_adviser_positions", "COM-35238", "2022", 12),  # 10 + 2
    # Rural: Troarn and Sannerville (5), Bonifacio (6), Beaumont (7), of the département's people.
    ("rural_residents_share", "DEP-14", "2025", 100),
    ("sparse_rural_residents_share", "DEP-14", "2025", 0),
    ("sparse_rural_residents_share", "DEP-2A", "2025", round(100 * 3344 / (76320 + 3344), 4)),
    ("mountain_residents_share", "DEP-2A", "2025", 100),
    ("mountain_residents_share", "DEP-35", "2025", 0),
    # Aubervilliers, whose level is not known, does not count.
    ("centre_residents_share", "DEP-35", "2025", 100),
    # 76,800 of 120,000 + 8,000; of the three communes 78,580 of 142,100.
    ("fibre_premises_share", "COM-35238", "2018-Q1", 60),
    ("fibre_premises_share", "DEP-35", "2018-Q1", round(100 * 78580 / 142100, 4)),
    # The map of 2018: Troarn held Sannerville, and is shared out between both.
    ("participation_schemes", "COM-35238", "2025", 2),
    ("participation_schemes", "DEP-35", "2025", 2),  # that of the EPCI is not a commune's
    ("open_data_communes_share", "EPCI-243500139", "2026", round(200 / 3, 4)),
    # 150 + 10 of 200 + 50; in Ain the row with a star does not count.
    ("difficult_hiring_share", "DEP-35", "2024", 64),
    ("difficult_hiring_share", "DEP-01", "2024", 40),
    ("difficult_hiring_share", "DEP-2A", "2024", None),
    ("seasonal_hiring_share", "DEP-2A", "2024", 100),
    ("median_standard_of_living", "COM-01033", "2015", 19500.5),
    ("poverty_rate", "COM-14712", "2015", None),  # secret
    ("private_jobs", "COM-35238", "2024", 105000),
    ("private_jobs_change", "DEP-35", "2024", round(100 * (127500 / 120000 - 1), 4)),
    ("state_investment_grants", "DEP-35", "2019", 380000),
    ("state_investment_grants", "DEP-93", "2019", 0),
    ("doctor_access", "COM-35238", "2015", 4.8),
    ("vacant_dwellings_share", "COM-75056", "2015", 9),
    ("presidential_turnout", "COM-35051", "2017", 80),
    ("epci_employment_rate", "EPCI-243500139", "2015", 67.2),
    ("municipal_debt_per_resident", "COM-35238", "2022", round(2e8 / 230000, 4)),
    ("municipal_operating_spending_per_resident", "COM-14712", "2025", round(3e6 / 3600, 4)),
    ("municipal_investment_spending_per_resident", "COM-01033", "2025", round(6e6 / 16900, 4)),
    ("departement_debt_per_resident", "DEP-35", "2022", round(5e8 / 1100000, 4)),
    ("epci_external_purchases_per_resident", "EPCI-243500139", "2022", None),
    ("region_debt_per_resident", "REG-53", "2022", round(11e8 / 3400000, 4)),
    ("state_operating_grant_per_resident", "COM-35051", "2026", round(900000 / 18900, 4)),
    ("counted_apart_share", "COM-55545", "2023", round(100 * 500 / 17390, 4)),
    ("counted_apart_share", "COM-55039", "2023", None),  # nobody
    ("single_business_tax_residents_share", "DEP-35", "2025", 100),
    ("single_business_tax_residents_share", "DEP-14", "2025", 0),
    # 1,100 of the département's 262,615 inhabitants that the small project has.
    ("general_practitioners_rate", "DEP-35", "2024", round(1100e5 / 262615, 4)),
    ("nurses_rate", "DEP-01", "2024", round(900e5 / 16712, 4)),
    ("dentists_rate", "DEP-2A", "2024", round(110e5 / 79664, 4)),
    # Measures of the samples: the same numbers under each measure.
    ("fibre_coverage", "DEP-35", "2023-12", 60),
    ("france_services_satisfaction", "DEP-01", "2022-12", 10),
    ("cycle_paths_km", "REG-53", "2023-12", 60),
    ("cycle_paths_km", "FRA", "2023-12", 262.5),  # 1.5 times 175: the file's own total is 262
    ("biowaste_sorting_residents", "DEP-14", "2023-12", 30),
    ("home_renovation_grants", "DEP-55", "2023-12", 12),
    ("multi_professional_health_centres", "DEP-75", "2023-12", 90),
    ("public_charging_points", "DEP-93", "2023-12", 45),
    ("france_services_requests", "DEP-976", "2023-12", 3),
    ("digital_helpers_trained", "DEP-2A", "2023-12", 7.5),
    ("digital_support_sessions", "DEP-35", "2023-12", 60),
    ("trees_planted", "DEP-35", "2023-12", 60),
    ("organic_farmland_share", "REG-53", "2023", 40),
    ("household_waste_per_resident", "REG-06", "2022", 2),
    ("new_cars_co2", "REG-11", "2022", 10),
    ("electric_cars_share", "REG-94", "2023", 5),
    ("protected_areas_share", "REG-84", "2023", 50),
    ("land_take", "FRA", "2023", 157),  # 10 + 20 + 30 + 40 + 50 + 5 + 2
    ("water_abstraction", "REG-28", "2022", 0),  # 20 m³
    ("carpooling_trips", "REG-44", "2023", 30),
    ("commuting_belt_residents_share", "DEP-14", "2020", 100),
    ("commuting_belt_residents_share", "DEP-35", "2020", 0),
    # Valserhône of 11,700 + 3,400 + 1,000 in 2015 has 16,712.
    ("population_growth_since_2015", "COM-01033", "2023", round(100 * (16712 / 16100 - 1), 4)),
    ("merged_communes", "COM-01033", "2026", 3),
    ("merged_communes", "COM-35238", "2026", 0),
    ("third_places_rate", "EPCI-243500139", "2019", round(3e5 / 262615, 4)),
    ("digital_adviser_positions_rate", "EPCI-243500139", "2022", round(12e5 / 262615, 4)),
    ("state_investment_grants_per_resident", "DEP-35", "2019", round(380000 / 262615, 4)),
    ("median_standard_of_living_2021", "COM-35051", "2021", 29400),
    ("employment_rate", "COM-2A004", "2015", 66),
    ("idle_youth_share", "COM-01033", "2015", 15.2),
]


@pytest.mark.parametrize(
    ("indicator", "territory", "period", "value"), VALUES, ids=lambda each: str(each)
)
def test_an_indicator_worked_out_by_hand(value_of, indicator, territory, period, value):
    assert value_of(indicator, territory, period) == value


@pytest.mark.parametrize(
    ("indicator", "territory", "period", "status"),
    [
        # Filosofi: an empty cell, which is the secret of the households there.
        ("poverty_rate", "COM-14712", "2015", "Q"),
        ("median_standard_of_living", "COM-14712", "2015", "A"),
        # Hiring needs: a star in the one row of Corse-du-Sud; in Ain another row is known.
        ("difficult_hiring_share", "DEP-2A", "2024", "Q"),
        ("seasonal_hiring_share", "DEP-2A", "2024", "A"),
        ("difficult_hiring_share", "DEP-01", "2024", "A"),
    ],
)
def test_what_a_publisher_keeps_secret_is_hidden_and_not_missing(
    sampled, indicator, territory, period, status
):
    rows = sampled.execute(
        "select value, obs_status, conf_status from indicators.observations"
        " where indicator = ? and territory_id = ? and period = ?",
        [indicator, territory, period],
    ).fetchall()
    ((value, found, confidential),) = rows
    assert (found, confidential) == (status, "C" if status == "Q" else "F")
    assert (value is None) == (status == "Q")
    # As on the publisher's own map.
    rows = sampled.execute(
        "select obs_status, conf_status from indicators.observations_as_published"
        " where indicator = ? and territory_id = ? and period = ?",
        [indicator, territory, period],
    ).fetchall()
    assert rows == ([(found, confidential)] if territory.startswith("COM-") else [])


@pytest.mark.parametrize(
    ("marks", "cell", "number", "is_secret"),
    [
        (["s"], "s", None, True),
        (["nd"], " nd ", None, True),
        (["*"], "*", None, True),
        (["s", "nd"], "nd", None, True),
        ([""], None, None, True),  # an empty cell, where its publisher means a secret
        (["*"], None, None, False),  # and where he does not, it is missing
        (["*"], "0", "0", False),
        (["s"], "nd", "nd", False),  # what is not declared is left to the SQL, which refuses it
    ],
)
def test_a_mark_of_secrecy_is_empty_and_told(tmp_path, marks, cell, number, is_secret):
    source = make_source(name="firms", url="https://e.org/f", secret_values={"Total jobs": marks})
    path = tmp_path / "firms.parquet"
    with duckdb.connect() as con:
        con.execute('create table t ("Total jobs" varchar, code varchar)')
        con.execute("insert into t values (?, '01')", [cell])
        con.execute(f"copy t to '{path}' (format parquet); create schema raw")
        load_raw(con, source, [SimpleNamespace(valid=path)])
        told = con.execute('select "Total jobs", code, "Total jobs_is_secret" from raw.firms')
        assert told.fetchall() == [(number, "01", is_secret)]


def test_every_indicator_of_the_network_was_worked_out():
    reads = reads_of(CATALOG.queries)
    live = {source.name for source in LIVE}
    others = CATALOG.indicators.keys() - {indicator for indicator, *_ in VALUES}
    assert [n for n in others if live & set(sources_of(CATALOG, reads, f"indicators/{n}"))] == []


def test_targets_stand_beside_what_is(sampled):
    rows = sampled.execute(
        "select initial_value, current_value, target_value, cast(target_on as varchar)"
        " from indicators.policy_targets where measure_number = 306 and territory_id = 'DEP-35'"
    ).fetchall()
    assert rows == [(40, 60, 80, "2026-12-01")]
    key = "count(*), count(distinct (measure_number, territory_id))"
    count, distinct = sampled.sql(f"select {key} from indicators.policy_targets").fetchone()
    assert count == distinct == 11 * 8  # measures and départements


def test_the_state_s_targets_are_held_against_the_indicators(sampled):
    rows = sampled.execute(
        "select initial_value, current_value, target_value, target_period, progress_percent"
        " from indicators.targets where indicator = 'fibre_coverage' and territory_id = 'DEP-35'"
    ).fetchall()
    assert rows == [(40, 60, 80, "2026-12", 50)]
    counts = "count(*), count(distinct (indicator, territory_id)), count(distinct indicator)"
    query = f"select {counts} from indicators.targets where target = 'results_barometer'"
    assert sampled.sql(query).fetchone() == (11 * 8, 11 * 8, 11)


def test_what_no_map_knows_is_told(sampled):
    lost = sampled.execute(
        "select source, code from core.join_losses where direction = 'lost'"
        " and source in ('hiring_needs', 'epci_conditions') order by all"
    ).fetchall()
    assert lost == [("epci_conditions", "249999999"), ("hiring_needs", "978")]


def test_a_secret_is_neither_zero_nor_missing(sampled):
    told = sampled.execute(
        "select count(*) filter (where is_secret and measured_value is null),"
        " count(*) filter (where not is_secret and measured_value is not null)"
        " from core.living_standards_by_age"
    ).fetchall()
    assert told == [(1, 1)]


UNSEEN = [
    # A code wrapped for spreadsheets that lacks its zero, and two codes in one cell.
    (
        "select right(neighbourhood_code, 3), commune_code from core.priority_neighbourhoods"
        " order by all",
        [("01M", "01033"), ("01M", "35238"), ("02M", "35051"), ("02M", "35238")],
    ),
    # Dates as they are written since 2026, and as they were before.
    (
        "select is_woman, birth_year, term_start_year, profession_code from core.mayors"
        " where commune_code in ('35238', '2A004') order by birth_year",
        [(True, 1970, 2026, 33), (False, 1975, 2026, 31)],
    ),
    (
        "select accessibility, accessibility_up_to_60, standardised_residents, residents"
        " from core.doctor_accessibility where commune_code = '35238'",
        [(4.1, 2.9, 210000.5, 225000)],
    ),
    (
        "select facility_type, facility_field from core.equipment where commune_code = '35051'",
        [("D307", "D")],
    ),
    (
        "select amount_euros, is_current, year(notified_on) from core.public_procurement"
        " where contract_id = '213502388000122024A2'",
        [(8000.5, False, 2024)],
    ),
    (
        "select grant_kind, paid_share from core.local_subsidies where amount_euros = 300.5",
        [("aide en nature", 0.5)],
    ),
    (
        "select left_commune_code, in_service_since from core.cycle_ways"
        " where right_commune_code = '35238' order by way_id",
        [("35238", 2015), ("35051", None)],
    ),
]


@pytest.mark.parametrize(("query", "rows"), UNSEEN)
def test_what_is_known_by_its_address_alone_is_read_as_described(sampled, query, rows):
    assert sampled.execute(query).fetchall() == rows


@pytest.mark.parametrize("name", ["mayors", "equipment", "public_procurement", "local_subsidies"])
def test_no_name_of_the_samples_is_kept(with_samples, name):
    settings, _ = with_samples
    kept = [p for p in (settings.data / "raw" / name).rglob("*") if p.is_file()]
    assert len(kept) > 1
    assert not any(b"FICTIF" in path.read_bytes() for path in kept)
