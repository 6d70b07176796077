"""Similar territories on small tables worked out by hand, and the laws of neighbours."""

import math

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.catalog import load_catalog
from flows.catalog.similarity import Similarity
from flows.steps.resemble import build_similar
from flows.steps.resemble.nearest import find_nearest, standardise
from flows.warehouse import shared_sql
from project import ROOT

CATALOG = load_catalog(ROOT / "catalog")


def table(rows, columns=("x", "y")):
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(columns)).rename_axis(
        "territory_id"
    )


def neighbours(scaled, count=2):
    """territory → its neighbours in order."""
    told = find_nearest(scaled, count).sort_values(["territory_id", "similar_rank"])
    return told.groupby("territory_id")["similar_id"].agg(list).to_dict()


def test_the_nearest_come_first_and_equals_by_their_id():
    told = neighbours(table({"A": [0, 0], "B": [1, 0], "C": [0, 1], "D": [5, 5]}))
    assert told == {"A": ["B", "C"], "B": ["A", "C"], "C": ["A", "B"], "D": ["B", "C"]}


def test_one_apart_in_every_variable_is_a_distance_of_one():
    told = find_nearest(table({"A": [0, 0], "B": [1, 1]}), 1)
    assert told["distance"].tolist() == [1, 1]


def test_fewer_territories_than_neighbours_asked_for():
    assert neighbours(table({"A": [0, 0], "B": [1, 1]}), 10) == {"A": ["B"], "B": ["A"]}
    assert len(find_nearest(table({"A": [0, 0]}), 10)) == 0


def test_what_is_shared_is_what_sets_both_apart_from_most():
    far = table({"A": [3, 0.1, -2], "B": [2.5, 2, -2]}, ("high", "usual", "low"))
    told = find_nearest(far, 1).set_index("territory_id")
    # 9 − 0.25 of high, 4 − 0 of low; usual is nearer to the centre than to the other.
    assert told.loc["A", "shared_variables"] == "high, low"
    assert told.loc["A", "differing_variable"] == "usual"
    alone = find_nearest(table({"A": [0, 0], "B": [1, 0]}), 1).set_index("territory_id")
    assert alone.loc["A", "shared_variables"] == ""  # it is at the centre itself


def test_standardised_by_median_and_quartiles_to_two_digits():
    values = table({str(i): [i, 10**i] for i in range(1, 10)})
    scaled = standardise(values, ["y"])
    x, y = scaled.parameters.to_dict("records")
    # Quartiles of 1 to 9 are 3, 5, 7: 4 / 1.349 = 2.965.
    assert x == {"indicator": "x", "centre": 5, "spread": 3}
    assert y["centre"] == 12  # 5 × ln 10 = 11.51
    assert y["spread"] == 6.8  # 4 × ln 10 / 1.349 = 6.83
    assert scaled.values.loc["8", "x"] == 1
    assert scaled.values.loc["1", "y"] == pytest.approx((math.log(10) - 12) / 6.8)


def test_a_territory_with_a_gap_or_no_logarithm_is_left_out_and_never_zero():
    values = table({"A": [1, 1], "B": [2, None], "C": [3, 0], "D": [4, 4]})
    assert standardise(values, ["y"]).values.index.tolist() == ["A", "D"]


def test_outliers_are_drawn_in_and_what_never_varies_says_nothing():
    values = table({**{str(i): [i % 3, 7] for i in range(9)}, "far": [1000, 7]})
    scaled = standardise(values, []).values
    assert scaled.loc["far", "x"] == 4
    assert (scaled["y"] == 0).all()


def test_where_most_are_equal_the_standard_deviation_is_the_spread():
    values = table({**{str(i): [0, i] for i in range(9)}, "far": [10, 1]})
    assert standardise(values, []).parameters.loc[0, "spread"] == 3  # √(10² × 0.1 × 0.9)


points = st.lists(
    st.tuples(st.integers(-50, 50), st.integers(-50, 50)), min_size=2, max_size=25, unique=True
)


@given(points)
def test_neighbours_are_those_of_a_plain_sort(found):
    scaled = table({f"T{i:02}": list(point) for i, point in enumerate(found)}) / 10
    told = neighbours(scaled, 3)
    for name, point in scaled.iterrows():
        gaps = np.sqrt(((scaled - point) ** 2).sum(axis=1) / 2).drop(name)
        expected = np.sort(gaps.to_numpy())[:3]
        assert np.allclose(gaps[told[name]].to_numpy(), expected)


@given(points, st.data())
def test_a_territory_that_goes_leaves_the_order_of_the_others(found, data):
    scaled = table({f"T{i:02}": list(point) for i, point in enumerate(found)})
    gone = data.draw(st.sampled_from(scaled.index.tolist()))
    before = neighbours(scaled, len(found))
    after = neighbours(scaled.drop(gone), len(found))
    kept = {name: [n for n in order if n != gone] for name, order in before.items()}
    del kept[gone]
    assert after == {name: order for name, order in kept.items() if order}


def build(values):
    """The two tables, of communes with a population and a density."""
    con = duckdb.connect()
    con.execute(shared_sql("floors"))
    con.execute(
        "create table indicators.territories (territory_id varchar, level varchar, valid_to date);"
        "create table indicators.comparisons (indicator varchar, territory_id varchar,"
        " period varchar, value double)"
    )
    for name, (people, density) in values.items():
        con.execute("insert into indicators.territories values (?, 'commune', null)", [name])
        for indicator, value in (("population", people), ("population_density", density)):
            con.execute(
                "insert into indicators.comparisons values (?, ?, '2023', ?)",
                [indicator, name, value],
            )
    variables = [
        {"indicator": "population", "scale": "log"},
        {"indicator": "population_density"},
        {"indicator": "gone"},  # its source was not fetched
    ]
    similarity = Similarity(neighbours=1, levels={"commune": variables})
    build_similar(con, CATALOG.model_copy(update={"similarity": similarity}))
    return con


VALUES = {f"COM-{i}": (100 * 2**i, 10 * i) for i in range(9)}


def test_the_tables_say_who_is_alike_and_by_what():
    con = build(VALUES)
    rows = con.execute("from indicators.similar_territories order by territory_id").fetchall()
    assert len(rows) == 9
    assert rows[0][:4] == ("COM-0", "commune", 1, "COM-1")
    assert rows[0][5:] == ("population_density, population", "population_density")
    told = con.execute("from indicators.similarity_variables order by indicator").fetchall()
    assert told == [
        ("commune", "population", "2023", "log", 7.4, 2.1),
        ("commune", "population_density", "2023", "linear", 40, 30),
    ]


def test_a_small_change_in_one_territory_leaves_the_neighbours_of_the_others():
    query = "select territory_id, similar_id, distance from indicators.similar_territories"
    where = " where territory_id < 'COM-7' order by all"
    before = build(VALUES).execute(query + where).fetchall()
    after = build({**VALUES, "COM-8": (26000, 81)}).execute(query + where).fetchall()
    assert before == after
