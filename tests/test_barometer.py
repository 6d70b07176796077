"""The barometer: its steps by hand, by its laws, and in a small project."""

from dataclasses import replace

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.catalog import load_catalog
from flows.catalog.barometers import Barometer
from flows.errors import CatalogError
from flows.publish.profiles import find_alike
from flows.settings import Settings
from flows.steps.barometer import build_barometers
from flows.steps.barometer.aggregate import mean, rank
from flows.steps.barometer.coherence import correlate
from flows.steps.barometer.normalise import impute, normalise
from flows.steps.barometer.panel import Panel
from flows.steps.barometer.prepare import DECLARED, prepare
from flows.steps.barometer.screen import cover, usable
from flows.steps.barometer.treat import treat
from flows.steps.barometer.uncertainty import assess
from flows.steps.inspect import inspect_catalog
from flows.warehouse import shared_sql
from project import ROOT

NAN = float("nan")
ALL = {
    "outliers": ["treated", "as_they_are"],
    "normalisation": ["min_max", "z_score", "rank"],
    "imputation": ["none", "parent_median"],
    "aggregation": ["arithmetic", "geometric"],
}


def make_barometer(**changes):
    body = {
        "name": "x",
        "title": {"fr": "x", "en": "x"},
        "description": {"fr": "x", "en": "x"},
        "levels": ["departement"],
        "themes": {
            "first": [{"indicator": "a"}, {"indicator": "b"}],
            "second": [{"indicator": "c"}],
        },
        "profiles": {
            "equal": {
                "title": {"fr": "x", "en": "x"},
                "description": {"fr": "x", "en": "x"},
                "weights": {"first": 1, "second": 1},
            }
        },
        "screening": {
            "min_territories_percent": 50,
            "min_theme_percent": 50,
            "min_overall_percent": 50,
        },
        "method": {name: values[:1] for name, values in ALL.items()},
        "uncertainty": {"draws": 20, "seed": 1, "weight_noise_percent": 0},
    }
    return Barometer.model_validate(body | changes)


def make_panel(values, signs=None, weights=None, themes=None, parents=None):
    values = np.array(values, dtype=float)
    count = values.shape[1]
    return Panel(
        values,
        np.array(signs or [1] * count, dtype=float),
        np.array(weights or [1] * count, dtype=float),
        np.array(themes or [0] * count),
        np.array(parents or [0] * len(values)),
    )


def run(panel, barometer, profiles=((1, 1),)):
    profiles = np.array(profiles, dtype=float)
    coverage = cover(panel, profiles, 50, 50)
    return assess(panel, barometer, prepare(panel, barometer), profiles, coverage)


# By hand


def test_an_indicator_of_too_few_or_of_equals_is_not_usable():
    values = [[1, 1, 5, NAN], [2, NAN, 5, NAN], [3, NAN, 5, NAN], [4, 2, 5, 1]]

    assert list(usable(make_panel(values), 60)) == [True, False, False, False]


def test_two_territories_are_not_compared():
    assert not usable(make_panel([[1], [2]]), 50).any()


def test_who_is_not_known_well_enough_has_no_score():
    """Weights 3 and 1 in the first theme, 1 in the second; half of each must be known."""
    values = [[1, 1, 1], [NAN, 1, 1], [1, NAN, NAN], [NAN, NAN, 1]]
    panel = make_panel(values, weights=[3, 1, 1], themes=[0, 0, 1])

    coverage = cover(panel, np.array([[3.0, 1.0]]), 50, 50)

    assert coverage.theme.tolist() == [[1, 0.25, 0.75, 0], [1, 1, 0, 1]]
    assert coverage.has_theme.tolist() == [[True, False, True, False], [True, True, False, True]]
    assert coverage.overall.tolist() == [[1, 0.25, 0.5625, 0.25]]
    assert coverage.has_overall.tolist() == [[True, False, True, False]]


def test_a_theme_without_indicators_here_lowers_the_coverage():
    panel = make_panel([[1], [2], [3]], themes=[1])

    coverage = cover(panel, np.array([[1.0, 3.0], [3.0, 1.0]]), 50, 50)

    assert coverage.overall.tolist() == [[0.75] * 3, [0.25] * 3]
    assert coverage.has_overall.tolist() == [[True] * 3, [False] * 3]


def test_three_ways_to_normalise():
    x = np.array([1, 3, NAN, 3, 5])

    assert normalise(x, 1, "min_max").tolist() == pytest.approx([0, 50, NAN, 50, 100], nan_ok=True)
    assert normalise(x, -1, "min_max").tolist() == pytest.approx([100, 50, NAN, 50, 0], nan_ok=True)
    # Mean 3, standard deviation √(8/3): 2 of them are 1.2247 away.
    assert normalise(x, 1, "z_score").tolist() == pytest.approx(
        [31.6288, 50, NAN, 50, 68.3712], nan_ok=True
    )
    assert normalise(x, 1, "rank").tolist() == pytest.approx([0, 50, NAN, 50, 100], nan_ok=True)


def test_what_is_imputed_is_the_median_of_the_parent_else_of_all():
    x = np.array([[10], [20], [NAN], [90], [NAN]])

    filled = impute(x, np.array([0, 0, 0, 1, 2]), "parent_median")

    assert filled[:, 0].tolist() == [10, 20, 15, 90, 20]
    assert np.isnan(impute(x, np.array([0, 0, 0, 1, 2]), "none")).sum() == 2


def test_means_leave_out_what_is_missing():
    x = np.array([[0, 100, NAN], [50, NAN, NAN]], dtype=float)
    weights = np.array([[1, 3], [1, 1]], dtype=float)

    assert mean(x, weights, "arithmetic") == pytest.approx(
        np.array([[37.5, 100, NAN], [25, 100, NAN]]), nan_ok=True
    )
    # 1 and 50.5 of 1 to 100: the root of 50.5 is 7.1063, which is 6.1680 of 0 to 100.
    assert mean(x, weights, "geometric")[1].tolist() == pytest.approx(
        [6.1680, 100, NAN], nan_ok=True, abs=1e-4
    )


def test_outliers_that_are_many_or_all_there_is_are_not_pulled_in():
    """Then the logarithm is taken, and an indicator never becomes the same everywhere."""
    rare = np.array([0, 0, 0, 0, 1], dtype=float)
    tied = np.array([*[0.0] * 57, 1, 50, 50])

    assert len(np.unique(treat(rare, 50, 2, 3.5)[0])) == 2
    assert treat(tied, 3, 2, 3.5)[1:] == ("logarithm", 60)


def test_equal_scores_share_the_best_rank():
    assert rank(np.array([[5, 9, 9, 1], [1, 2, 3, 4]], dtype=float)).tolist() == [
        [3, 1, 1, 4],
        [4, 3, 2, 1],
    ]


def test_a_long_tail_is_pulled_in_or_taken_in_logarithm():
    one = np.array([*range(1, 11), 100, NAN], dtype=float)
    many = np.exp(np.arange(0, 20, 0.25))

    treated, how, points = treat(one, 10, 2, 3.5)
    assert (treated[10], how, points) == (10, "winsorised", 1)
    assert np.isnan(treated[11])

    treated, how, points = treat(many, 2, 2, 3.5)
    assert (how, points) == ("logarithm", 80)
    assert (np.diff(treated) > 0).all()
    mirrored = treat(-many, 2, 2, 3.5)[0]
    assert mirrored == pytest.approx(-treated)


def test_a_small_barometer_by_hand():
    """Themes (a, b) and (c); b is better when low; the fourth has no theme but the second."""
    values = [[0, 0, 0], [10, 50, 5], [20, 100, 10], [NAN, NAN, 10]]
    panel = make_panel(values, signs=[1, -1, 1], themes=[0, 0, 1])

    found = run(panel, make_barometer(), [[3, 1], [1, 3]])

    first, second = found.themes
    assert first.among.tolist() == [0, 1, 2]
    assert first.scores.tolist() == [50, 50, 50]
    assert first.ranks.tolist() == [1, 1, 1]
    assert second.scores.tolist() == [0, 50, 100, 100]
    assert second.ranks.tolist() == [4, 3, 1, 1]
    assert found.overall[0].among.tolist() == [0, 1, 2]
    assert found.overall[0].scores.tolist() == [37.5, 50, 62.5]
    assert found.overall[1].among.tolist() == [0, 1, 2, 3]
    assert found.overall[1].scores.tolist() == [12.5, 50, 87.5, 100]
    assert found.shifts == [0, 0]


def test_an_indicator_that_works_against_its_theme_is_told():
    values = [[0, 3, 9, 5], [1, 2, 9, 6], [2, 1, NAN, NAN], [3, 0, 9, 7], [4, -1, 9, NAN]]
    panel = make_panel(values, themes=[0, 0, 0, 1], weights=[5, 1, 1, 1])
    kept = usable(panel, 50)
    used = panel.only(kept)

    found = run(used, make_barometer())

    assert list(kept) == [True, True, False, True]
    assert correlate(used.values, used.themes, found.themes) == [1, -1, None]


# Laws

panels = st.integers(4, 9).flatmap(
    lambda rows: st.lists(
        st.lists(st.one_of(st.integers(-50, 50), st.just(NAN)), min_size=3, max_size=3),
        min_size=rows,
        max_size=rows,
    )
)


def usable_panel(values):
    panel = make_panel(values, signs=[1, -1, 1], themes=[0, 0, 1])
    kept = usable(panel, 50)
    return panel.only(kept) if kept.any() else None


def scores_of(panel, barometer, profiles=((1, 1),)):
    """Overall score and rank of each territory, NaN where it has none."""
    ranking = run(panel, barometer, profiles).overall[0]
    table = np.full((4, len(panel.values)), np.nan)
    table[:, ranking.among] = [ranking.scores, ranking.ranks, ranking.low, ranking.high]
    return table


@settings(max_examples=25, deadline=None)
@given(panels, st.randoms())
def test_the_order_of_rows_does_not_count(values, random):
    panel = usable_panel(values)
    if panel is None:
        return
    order = list(range(len(values)))
    random.shuffle(order)
    shuffled = replace(panel, values=panel.values[order], parents=panel.parents[order])
    barometer = make_barometer(method=ALL, uncertainty={"draws": 20, "seed": 3})

    assert scores_of(shuffled, barometer) == pytest.approx(
        scores_of(panel, barometer)[:, order], nan_ok=True
    )


@settings(max_examples=25, deadline=None)
@given(panels, st.integers(1, 1000), st.integers(-100, 100))
def test_the_unit_of_an_indicator_does_not_count(values, scale, shift):
    panel = usable_panel(values)
    if panel is None:
        return
    other = replace(panel, values=panel.values * scale + shift)

    assert scores_of(other, make_barometer()) == pytest.approx(
        scores_of(panel, make_barometer()), nan_ok=True, abs=1e-3
    )


@settings(max_examples=25, deadline=None)
@given(panels, st.integers(1, 1000))
def test_only_how_weights_compare_counts(values, factor):
    panel = usable_panel(values)
    if panel is None:
        return
    heavier = replace(panel, weights=panel.weights * factor)
    told = scores_of(panel, make_barometer(), [[2, 3]])

    assert scores_of(heavier, make_barometer(), [[2 * factor, 3 * factor]]) == pytest.approx(
        told, nan_ok=True
    )


@settings(max_examples=25, deadline=None)
@given(panels)
def test_whoever_is_nowhere_worse_is_never_ranked_below(values):
    """Whatever the method, in every draw: so for each end of the interval too."""
    panel = usable_panel(values)
    if panel is None:
        return
    barometer = make_barometer(method=ALL, uncertainty={"draws": 20, "seed": 5})
    table, oriented = scores_of(panel, barometer), panel.values * panel.signs
    for better in range(len(values)):
        for worse in range(len(values)):
            if (oriented[better] >= oriented[worse]).all():  # NaN compares to nothing
                assert (table[1:, better] <= table[1:, worse]).all()


@settings(max_examples=25, deadline=None)
@given(panels)
def test_without_noise_the_interval_is_the_rank(values):
    panel = usable_panel(values)
    if panel is None:
        return
    _, ranks, low, high = scores_of(panel, make_barometer())

    assert low == pytest.approx(ranks, nan_ok=True)
    assert high == pytest.approx(ranks, nan_ok=True)


def test_the_same_seed_gives_the_same_bits():
    values = np.random.Generator(np.random.PCG64(1)).lognormal(size=(60, 3))
    panel = make_panel(values, themes=[0, 0, 1])
    barometer = make_barometer(method=ALL, uncertainty={"draws": 100, "seed": 2})
    other = make_barometer(method=ALL, uncertainty={"draws": 100, "seed": 3})

    first, again = (run(panel, barometer).overall[0] for _ in range(2))
    assert np.array_equal(first.low, again.low)
    assert np.array_equal(first.high, again.high)
    assert (first.low <= first.high).all()
    assert not np.array_equal(first.low, run(panel, other).overall[0].low)


# The tables


PLACES = [(f"DEP-{n:02}", "departement", "REG-1" if n < 4 else "REG-2") for n in range(1, 7)]


@pytest.fixture
def con():
    """Six départements; `road_deaths_rate` of two periods, of which the newer is of two only."""
    with duckdb.connect() as con:
        con.execute(shared_sql("floors"))
        con.execute(
            "create table indicators.territories"
            " (territory_id varchar, level varchar, region_id varchar, valid_to date)"
        )
        con.executemany("insert into indicators.territories values (?, ?, ?, null)", PLACES)
        con.execute(
            "create table indicators.observations"
            " (indicator varchar, territory_id varchar, period varchar, value double)"
        )
        for n, (name, _, _) in enumerate(PLACES):
            rows = [
                ["road_deaths_rate", name, "2019", float(n)],
                ["road_deaths_rate", name, "2020", 100.0 if n < 2 else None],
                ["town_hall_weekly_hours", name, "2026", 10.0 + n if n != 5 else None],
                ["third_places", name, "2019", 100.0 * (n + 1)],
                ["population", name, "2023", 100.0 * (n + 1) * (1 + n % 2)],
            ]
            con.executemany("insert into indicators.observations values (?, ?, ?, ?)", rows)
        yield con


@pytest.fixture
def built(con, catalog):
    """The tables of a barometer of two themes, one of whose indicators is not there."""
    themes = {
        "everyday_life": [
            {"indicator": "road_deaths_rate"},
            {"indicator": "town_hall_weekly_hours"},
        ],
        "economy": [
            {"indicator": "third_places", "per": "population"},
            {"indicator": "not_in_this_release"},
        ],
    }
    profile = {"title": {"fr": "t", "en": "t"}, "description": {"fr": "d", "en": "d"}}
    weights = {"everyday_life": 1, "economy": 1}
    barometer = make_barometer(
        themes=themes, profiles={"equal": {**profile, "weights": weights}}, levels=["departement"]
    )
    build_barometers(con, catalog.model_copy(update={"barometers": {"x": barometer}}))
    return con


def test_a_barometer_is_written_with_what_it_is_made_of(built):
    """Deaths 0 to 5, fewest best; hours 10 to 14, unknown of the last; places per head 1 or ½."""
    scores = built.execute(
        "select territory_id, theme, round(score, 2), rank, coverage from"
        " indicators.barometer_scores where territory_id in ('DEP-01', 'DEP-06') order by all"
    ).fetchall()

    assert scores == [
        ("DEP-01", "economy", 100, 1, 1),
        ("DEP-01", "everyday_life", 50, 5, 1),
        ("DEP-01", "overall", 75, 3, 1),
        ("DEP-06", "economy", 0, 4, 1),
        ("DEP-06", "everyday_life", 0, 6, 0.5),
        ("DEP-06", "overall", 0, 6, 0.75),
    ]


def test_profiles_that_order_alike_or_nothing_are_named(con, catalog):
    # Economy has no data: two profiles differ in it alone, and it weighs most in a third.
    themes = {
        "everyday_life": [{"indicator": "road_deaths_rate"}],
        "health": [{"indicator": "town_hall_weekly_hours"}],
        "economy": [{"indicator": "not_in_this_release"}],
    }
    profile = {"title": {"fr": "t", "en": "t"}, "description": {"fr": "d", "en": "d"}}
    weights = {"a": (1, 1, 1), "b": (1, 1, 2), "c": (2, 1, 1), "d": (1, 1, 9)}
    profiles = {
        name: {
            **profile,
            "title": {"fr": name, "en": name},
            "weights": dict(zip(themes, each, strict=True)),
        }
        for name, each in weights.items()
    }
    barometer = make_barometer(themes=themes, profiles=profiles, levels=["departement"])
    ours = catalog.model_copy(update={"barometers": {"x": barometer}})
    build_barometers(con, ours)
    assert [(each.kind, each.message_en) for each in find_alike(con, ours)] == [
        (
            "profile_like_another",
            "the profile “b” gives the same scores as “a” (by département):"
            " the goals that they weigh differently change nothing there",
        ),
        (
            "profile_without_score",
            "the profile “d” gives no score (by département):"
            " too little of the weight of its goals has data",
        ),
    ]


def test_where_every_goal_has_data_profiles_differ(sampled):
    levels = "select level, count(distinct profile) from indicators.barometer_scores group by level"
    assert ("region", 4) in sampled.sql(f"{levels} having count(score) > 0").fetchall()
    odd = [
        (level, profile)
        for _, level, profile, _ in sampled.sql(shared_sql("barometer_alike")).fetchall()
    ]
    # Two EPCI are first and last by all goals, however these are weighed.
    assert odd == [("epci", "elected_officials")]


def test_each_component_tells_whether_it_is_used(built):
    told = built.execute(
        "select indicator, period, round(known_share, 2), use from indicators.barometer_components"
        " order by indicator"
    ).fetchall()

    assert told == [
        ("not_in_this_release", None, 0, "absent"),
        ("road_deaths_rate", "2019", 1, "used"),
        ("third_places", "2019", 1, "used"),
        ("town_hall_weekly_hours", "2026", 0.83, "used"),
    ]


def test_the_same_rows_whatever_the_threads(con, catalog):
    """All of the catalogue's barometer, whose choices vary and whose other indicators lack."""
    told = []
    for threads in (1, 4):
        con.execute(f"set threads = {threads}")
        build_barometers(con, catalog)
        told.append(con.execute("from indicators.barometer_scores order by all").fetchall())
        for (name,) in con.execute(
            "select format('{}.{}', schema_name, table_name) from duckdb_tables()"
            " where table_name like 'barometer%'"
        ).fetchall():
            con.execute(f"drop table {name}")

    assert told[0] == told[1]
    assert {row[1] for row in told[0]} == set(catalog.barometers["local_goals"].profiles)
    assert all(row[5] is None for row in told[0] if row[4] == "overall")  # one theme of four


def test_the_scores_can_be_made_again_from_what_is_published(built):
    """What docs/barometer.md promises, to four decimals."""
    again = built.execute(
        "select count(*), max(abs(made.score - scores.score)) from ("
        " select territory_id, theme, sum(weight * normalised_value) / sum(weight) as score"
        " from indicators.barometer_indicators"
        " inner join indicators.barometer_components using (barometer, level, indicator)"
        " group by all) as made"
        " inner join indicators.barometer_scores as scores using (territory_id, theme)"
    ).fetchall()

    assert again[0][0] == 12
    assert again[0][1] <= 1e-4


def test_the_declared_values_are_those_of_the_first_choices():
    panel = make_panel([[1, NAN], [2, 5], [3, 6]])

    x = prepare(panel, make_barometer(method=ALL))[DECLARED]

    assert np.isnan(x).tolist() == [[False, True], [False, False], [False, False]]
    assert x[:, 0].tolist() == [0, 50, 100]


@pytest.mark.parametrize(
    ("found", "use", "problem"),
    [
        ("road_deaths_rate", "road_death_rate", "unknown indicator 'road_death_rate'"),
        ("road_deaths_rate", "population_change", "population_change is neutral"),
        ("per: population", "per: inhabitants", "unknown indicator 'inhabitants'"),
        ("  economy:", "  economies:", "profile equal must weigh"),
        ("draws: 1000", "draws: 1001", "multiple of 2"),
        ("road_deaths_rate", "road_accidents_rate", "given twice: road_accidents_rate"),
        ("weights: {ecological_transition: 1,", "weights: {ecological_transition: 0,", "than 0"),
    ],
)
def test_a_wrong_barometer_is_refused(project: Settings, found, use, problem):
    path = project.catalog / "barometers" / "local_goals.yml"
    path.write_text(path.read_text(encoding="utf-8").replace(found, use), encoding="utf-8")

    with pytest.raises(CatalogError, match=problem):
        inspect_catalog(project, load_catalog(project.catalog))


def test_the_weights_are_those_of_the_survey(catalog):
    """Of the profiles, the figures that catalog/snapshots/innovation_surveys quotes."""
    weights = {name: p.weights for name, p in catalog.barometers["local_goals"].profiles.items()}

    with duckdb.connect() as con:
        path = f"{ROOT}/catalog/snapshots/innovation_surveys/survey_results.csv.gz"
        told = con.execute(
            f"select population, answer, share_percent from '{path}' where theme = 'goals'"
        ).fetchall()
    shares = {(population, answer.split()[0]): share for population, answer, share in told}
    both = weights["agents_and_officials"]
    everyone = [
        shares["agents and elected officials", goal]
        for goal in ("ecological", "everyday", "functioning", "economic")
    ]
    assert list(both.values()) == everyone
    told = shares["elected officials", "ecological"]
    assert weights["elected_officials"] == both | {"ecological_transition": told}
    told = shares["rural intermunicipalities", "economic"]
    assert weights["rural_intermunicipalities"] == both | {"economy": told}
