"""The roll-up on small tables: two départements of one région, a commune of a collectivity."""

from decimal import Decimal
from fractions import Fraction

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.catalog import load_catalog
from flows.catalog.secrecy import Secrecy
from flows.errors import PromiseError
from flows.steps.build import refuse_odd_parts
from flows.steps.disclose import disclose
from flows.warehouse import shared_sql
from project import ROOT

# part, territory, level, people
MEMBERSHIPS = [
    ("COM-1", "COM-1", "commune", 90),
    ("COM-2", "COM-2", "commune", 10),
    ("COM-3", "COM-3", "commune", 0),
    ("COM-1", "DEP-A", "departement", 90),
    ("COM-2", "DEP-A", "departement", 10),
    ("COM-3", "DEP-B", "departement", 0),
    ("COM-1", "FRA", "country", 90),
    ("COM-2", "FRA", "country", 10),
    ("COM-3", "FRA", "country", 0),
]


SECRET = load_catalog(ROOT / "catalog").indicators["women_mayors_share"]


def roll_up(rule, parts, breaks=(), memberships=MEMBERSHIPS, provisional=()):
    """territory → (value, numerator, denominator, coverage, status) of one indicator."""
    con = duckdb.connect()
    con.execute(shared_sql("floors") + shared_sql("parts"))
    con.execute(
        "create table core.memberships (part_level varchar, part_id varchar, territory_id varchar,"
        " level varchar, population bigint, holds_whole_split boolean)"
    )
    for part, territory, level, people in memberships:
        whole = territory in {"FRA", "DEP-A"} and part in {"COM-1", "COM-2"}
        con.execute(
            "insert into core.memberships values ('commune', ?, ?, ?, ?, ?)",
            [part, territory, level, people, whole],
        )
    full = {"per": 1, "coverage": 0.95, "published_from": "commune", "min_units": None} | rule
    con.execute(
        "insert into parts.rules values ('x', ?, ?, ?, 'commune', ?, ?)",
        [full[k] for k in ("rollup", "per", "coverage", "published_from", "min_units")],
    )
    for period in breaks:
        con.execute("insert into parts.breaks values ('x', ?)", [period])
    for period in provisional:
        con.execute("insert into parts.provisional values ('x', ?)", [period])
    for part, numerator, denominator, *more in parts:
        estimation, is_hidden = [*more, None, None][:2]
        con.execute(
            "insert into parts.observations values ('x', ?, '2026', ?, ?, ?, null, null, ?)",
            [part, numerator, denominator, estimation, is_hidden],
        )
    con.execute(shared_sql("roll_up"))
    con.execute(
        "create table core.territories as select distinct territory_id, population, level,"
        " null::date as valid_from, null::date as valid_to, null::varchar as successor_id,"
        " null::varchar as epci_id, null::varchar as ept_id, null::varchar as arrondissement_id,"
        " null::varchar as departement_id, null::varchar as region_id, null::varchar as country_id,"
        " null::varchar as collectivity_id from core.memberships where territory_id = part_id"
    )
    rule = Secrecy(kind="persons", min_units=full["min_units"] or 11)
    disclose(
        con,
        {"x": SECRET.model_copy(update={"name": "x", "rollup": full["rollup"], "secrecy": rule})},
    )
    rows = con.execute(
        "select territory_id, value, numerator, denominator, coverage, obs_status"
        " from indicators.observations"
    ).fetchall()
    return {row[0]: row[1:] for row in rows}


def test_a_ratio_divides_last():
    found = roll_up(
        {"rollup": "ratio", "per": 100}, [("COM-1", 1, 4), ("COM-2", 3, 6), ("COM-3", 0, 0)]
    )

    assert found["COM-1"][0] == 25
    assert found["DEP-A"][:3] == (40, 4, 10)  # (1 + 3) / (4 + 6), not the mean of 25 and 50
    assert found["DEP-B"] == (None, 0, 0, 1, "M")  # nothing to divide by
    assert found["FRA"][0] == 40


def test_a_sum_with_a_missing_part_is_not_understated():
    found = roll_up({"rollup": "sum"}, [("COM-1", 5, None), ("COM-2", None, None)])

    assert found["COM-1"] == (5, 5, None, 1, "A")
    assert found["COM-2"] == (None, None, None, 0, "O")
    assert found["DEP-A"] == (None, None, None, 0.9, "O")
    assert found["FRA"][4] == "O"


def test_a_sum_that_lacks_a_part_without_people_is_missing_all_the_same():
    found = roll_up({"rollup": "sum"}, [("COM-1", 5, None), ("COM-2", 1, None)])

    assert found["DEP-A"][0] == 6
    assert found["FRA"][:1] + found["FRA"][3:] == (None, 1, "O")


@pytest.mark.parametrize(("threshold", "status"), [(0.9, "A"), (0.91, "O")])
def test_a_ratio_is_given_from_its_coverage_on(threshold, status):
    found = roll_up({"rollup": "ratio", "coverage": threshold}, [("COM-1", 1, 2)])

    assert found["DEP-A"][3:] == (0.9, status)  # 90 of 100 people
    assert found["DEP-A"][0] == (0.5 if status == "A" else None)


def test_none_is_given_at_its_own_level_only():
    found = roll_up({"rollup": "none"}, [("COM-1", 12.5, 1), ("COM-2", None, 1)])

    assert found["COM-1"] == (12.5, None, None, 1, "A")
    assert found["COM-2"][4] == "O"
    assert set(found) == {"COM-1", "COM-2", "COM-3"}


def test_published_from_the_epci_leaves_out_communes():
    found = roll_up({"rollup": "ratio", "published_from": "epci"}, [("COM-1", 1, 2)])

    assert set(found) == {"DEP-A", "DEP-B", "FRA"}


def test_a_value_on_too_few_units_is_hidden_but_none_at_all_is_not():
    found = roll_up(
        {"rollup": "ratio", "min_units": 2},
        [("COM-1", 50, 1), ("COM-2", 120, 2), ("COM-3", 0, 0)],
    )

    assert found["COM-1"] == (None, None, None, 1, "Q")
    # DEP-A less COM-2 would give COM-1.
    assert found["COM-2"] == (None, None, None, 1, "Q")
    assert found["DEP-A"][0] == pytest.approx(170 / 3)
    assert found["COM-3"][4] == "M"


def test_what_the_publisher_keeps_secret_is_hidden_and_not_missing():
    found = roll_up(
        {"rollup": "ratio"},
        [("COM-1", None, None, None, True), ("COM-2", None, None), ("COM-3", 0, 0)],
    )

    assert found["COM-1"] == (None, None, None, 0, "Q")
    assert found["COM-2"] == (None, None, None, 0, "O")
    assert found["DEP-A"][4] == "O"


def test_what_was_shared_out_is_exact_again_where_its_pieces_come_together():
    found = roll_up(
        {"rollup": "sum"},
        [("COM-1", 2.5, None, "split"), ("COM-2", 1.5, None, "split"), ("COM-3", 0, None)],
    )

    assert [found[t][4] for t in ("COM-1", "COM-2", "DEP-A", "FRA")] == ["E", "E", "A", "A"]
    assert found["DEP-A"][0] == 4


def test_thirds_of_a_commune_come_together_to_the_unit():
    parts = [
        ("COM-1", Decimal("33.33333333"), None),
        ("COM-2", Decimal("66.66666666"), None),
    ]

    found = roll_up({"rollup": "sum"}, parts)

    assert found["DEP-A"][:2] == (100, 100)


@pytest.mark.parametrize(
    ("rows", "fault"),
    [(["COM-1", "COM-1"], "COM-1 2026 is given twice"), (["COM-9"], "COM-9 2026 is on no map")],
)
def test_a_part_given_twice_or_on_no_map_stops(rows, fault):
    con = duckdb.connect()
    con.execute(shared_sql("floors") + shared_sql("parts"))
    con.execute("create table core.memberships as select 'COM-1' as part_id")
    for part in rows:
        con.execute(
            "insert into parts.observations values ('x', ?, '2026', 1, 1, null, null, null, null)",
            [part],
        )

    with pytest.raises(PromiseError, match=fault):
        refuse_odd_parts(con)


def test_what_is_carried_over_stays_estimated_everywhere():
    parts = [("COM-1", 2, None, "carried_over"), ("COM-2", 1, None), ("COM-3", 0, None)]

    found = roll_up({"rollup": "sum"}, parts)

    assert [found[t][4] for t in ("COM-1", "COM-2", "DEP-A", "FRA")] == ["E", "A", "E", "E"]


def test_a_break_is_told():
    found = roll_up({"rollup": "sum"}, [("COM-1", 1, None)], breaks=["2026"])

    assert found["COM-1"][4] == "B"


def test_what_is_provisional_is_told_at_every_level_and_a_break_before_it():
    parts = [("COM-1", 1, None, "provisional"), ("COM-2", 2, None), ("COM-3", 3, None, "split")]
    found = roll_up({"rollup": "sum"}, parts)
    assert [found[t][4] for t in ("COM-1", "COM-2", "COM-3", "DEP-A", "DEP-B", "FRA")] == [
        "P", "A", "E", "P", "E", "P",
    ]  # fmt: skip
    known = [("COM-1", 1, None), ("COM-2", 2, None, "split"), ("COM-3", None, None)]
    found = roll_up({"rollup": "sum"}, known, provisional=["2026"])
    assert [found[t][4] for t in ("COM-1", "COM-2", "COM-3", "DEP-A")] == ["P", "P", "O", "P"]
    found = roll_up({"rollup": "sum"}, known, breaks=["2026"], provisional=["2026"])
    assert found["COM-1"][4] == "B"
    assert roll_up({"rollup": "sum"}, known, provisional=["2025"])["COM-1"][4] == "A"


counts = st.integers(min_value=0, max_value=10**9)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(counts, counts), min_size=3, max_size=3), st.permutations([0, 1, 2]))
def test_sums_are_exact_and_order_does_not_matter(pairs, order):
    parts = [(f"COM-{i + 1}", n, d) for i, (n, d) in enumerate(pairs)]

    found = roll_up({"rollup": "ratio", "per": 1000}, parts)
    shuffled = roll_up({"rollup": "ratio", "per": 1000}, [parts[i] for i in order])

    assert found == shuffled
    total, denominator = sum(n for n, _ in pairs), sum(d for _, d in pairs)
    assert found["FRA"][1:3] == (total, denominator)
    if denominator:
        assert found["FRA"][0] == pytest.approx(float(Fraction(1000 * total, denominator)))
