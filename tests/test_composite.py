"""Composite indicators, against the published figures of others.

Those of COINr (W. Becker and others, MIT licence) are what its vignettes print (version 1.1), and
its book, "Composite Indicator Development and Analysis in R with COINr", whose tables hold the
results of its example in full: the ASEM Sustainable Connectivity index of the JRC, 51 countries.
They are figures; the raw data set of all 49 indicators is published in R's own format alone.
"""

import csv

import numpy as np
import pytest

from flows.steps.barometer.aggregate import mean, rank
from flows.steps.barometer.normalise import normalise
from flows.steps.barometer.panel import Panel
from flows.steps.barometer.screen import cover
from flows.steps.barometer.sensitivity import indices, make_design
from flows.steps.barometer.treat import has_outliers, kurtosis, skewness, take_logarithm, treat
from project import DATA

NAN = float("nan")
PILLARS = (
    ("Physical", "ConEcFin", "Political", "Instit", "P2P"),
    ("Environ", "Social", "SusEcFin"),
)


def read_asem(name):
    """The columns of a table of ASEM, as numbers but for the codes of the countries."""
    with (DATA / f"{name}.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {
        column: np.array([float(row[column]) for row in rows])
        for column in rows[0]
        if column != "unit"
    }


def test_outliers_are_those_of_coinr():
    """COINr 1.1 (W. Becker, MIT licence), vignette "Outlier Treatment": 1 to 10, 30 and 100."""
    x = np.array([*range(1, 11), 30, 100], dtype=float)

    assert skewness(x) == pytest.approx(3.063241, abs=1e-6)
    assert kurtosis(x) == pytest.approx(9.741391, abs=1e-6)
    treated, how, points = treat(x, 20, 2, 3.5)
    assert (how, points) == ("winsorised", 1)
    assert skewness(treated) == pytest.approx(1.712038, abs=1e-6)
    assert kurtosis(treated) == pytest.approx(1.815781, abs=1e-6)


def test_a_logarithm_is_that_of_coinr():
    """`log_CT` of COINr: log(x − min + 0.01 (max − min))."""
    x = np.array([0, 1, 100], dtype=float)

    assert take_logarithm(x) == pytest.approx(np.log([1, 2, 101]))


def test_min_max_is_that_of_coinr():
    """COINr, vignette "Normalisation", `qNormalise(X)`."""
    b = [28.989230, 67.838043, 73.531960, 19.595673, 98.053967, 74.152153, 5.144628, 53.021246]
    told = [25.66438, 67.47805, 73.60652, 15.55392, 100, 74.27405, 0, 51.53047]

    assert normalise(np.array(b), 1, "min_max") == pytest.approx(told, abs=6e-5)
    assert normalise(np.array(b), -1, "min_max") == pytest.approx(100 - np.array(told), abs=6e-5)


def test_z_scores_of_asem_are_those_of_coinr():
    """COINr, vignette "Normalisation": Flights of ASEM, mean 10 and standard deviation 2.

    The whole column is not published as text: five values and their scores fix the line.
    """
    raw = np.array([36.05498, 29.01725, 31.88546, 4.27955, 9.23588])
    told = np.array([9.889993, 9.588735, 9.711512, 8.529810, 8.741971])
    ours = normalise(raw, 1, "z_score")

    slope, middle = np.polyfit(told, ours, 1)
    assert slope * told + middle == pytest.approx(ours, abs=2e-4)


def test_every_score_and_rank_of_asem_is_that_of_coinr():
    """The eight pillars of all 51 countries give their sub-indexes, index and all ranks.

    They are published to a hundredth: a mean of them may differ by as much.
    """
    told = read_asem("asem_coinr")
    whole = np.array([told["Conn"], told["Sust"]])
    for name, pillars, expected in zip(("Conn", "Sust"), PILLARS, whole, strict=True):
        x = np.array([told[pillar] for pillar in pillars])
        scores = mean(x, np.ones((1, len(pillars))), "arithmetic")
        assert scores[0] == pytest.approx(expected, abs=0.011), name
    index = mean(whole, np.ones((1, 2)), "arithmetic")
    assert index[0] == pytest.approx(told["Index"], abs=0.011)

    for name in ("Index", "Conn", "Sust", *PILLARS[0], *PILLARS[1]):
        assert rank(told[name][None])[0].tolist() == told[f"{name}_rank"].tolist(), name


def test_outliers_of_asem_are_those_of_coinr():
    """Trade in services by GDP: four values are pulled in, of at most five; of at most three, all
    become logarithms. The book, chapter "Data treatment".
    """
    told = read_asem("asem_services")
    x = told["services"]

    assert treat(x, 10, 2, 3.5)[1:] == ("winsorised", 4)  # of 51, 10 % are 5
    treated, how, _ = treat(x, 6, 2, 3.5)
    assert how == "logarithm"
    assert treated == pytest.approx(told["logarithm"], rel=1e-12)


def test_screening_of_asem_is_that_of_coinr():
    """COINr, vignette "Unit Screening": under 75 % of four indicators, LAO, MMR and VNM leave."""
    units = ["KOR", "LAO", "MYS", "MNG", "MMR", "NZL", "PAK", "PHL", "RUS", "SGP", "THA", "VNM"]
    research = [20437, 175, 8080, 293, 299, 7731, 7122, 1361, 16182, 11411, 5317, 3618]
    patents = [249.8, NAN, 64.2, 0.3, NAN, 46.5, 7.2, 11.3, 141.5, 270.5, 53.6, NAN]
    services = [1.798, NAN, 1.15292, 0.00266, 0.08905, 0.34615, 0.03553, 0.29555, 1.44633]
    services += [0.9278, 0.08969, NAN]
    goods = [NAN, NAN, 7.555, 0.046, NAN, 1.213, 1.256, 3.185, 8.379, 14.507, 6.661, NAN]
    values = np.array([research, patents, services, goods]).T
    panel = Panel(values, np.ones(4), np.ones(4), np.zeros(4, int), np.zeros(12, int))

    coverage = cover(panel, np.ones((1, 1)), 75, 75)

    left = [unit for unit, has in zip(units, coverage.has_overall[0], strict=True) if not has]
    assert left == ["LAO", "MMR", "VNM"]
    assert coverage.overall[0, :5].tolist() == [0.75, 0, 1, 1, 0]


def test_sobol_indices_of_the_ishigami_function():
    """T. Ishigami and T. Homma (1990), a = 7, b = 0.1: the indices are known exactly."""
    design = make_design({"x1": 1, "x2": 1, "x3": 1}, draws=40_000, base=20_000, seed=7)
    x1, x2, x3 = (np.pi * (2 * column[:, 0] - 1) for column in design.rows.values())

    found = indices(design, np.sin(x1) + 7 * np.sin(x2) ** 2 + 0.1 * x3**4 * np.sin(x1))

    first, total = zip(*found.values(), strict=True)
    assert first == pytest.approx([0.3139, 0.4424, 0], abs=0.03)
    assert total == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.03)


def test_a_choice_without_effect_has_no_index():
    """As in COINr's own test of `SA_estimate`: the third number is not used."""
    design = make_design({"x1": 1, "x2": 1, "x3": 1}, draws=200, base=100, seed=1)
    rows = design.rows

    found = indices(design, rows["x1"][:, 0] + 10 * rows["x2"][:, 0])

    assert found["x3"] == (0, 0)
    assert indices(design, np.ones(len(rows["x1"])))["x1"] == (0, 0)


def test_outliers_need_both_limits():
    """`Bord` of ASEM after one point: skewness 1.90, kurtosis 4.35, and COINr stops there."""
    x = np.array([*range(1, 11), 30, 100], dtype=float)

    assert has_outliers(x, 2, 3.5)
    assert not has_outliers(x, 4, 3.5)
    assert not has_outliers(x, 2, 10)
    assert not has_outliers(np.array([1.0, 1.0, 100.0]), 2, 3.5)
