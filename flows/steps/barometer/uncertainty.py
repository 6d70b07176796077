"""Uncertainty: the index computed again under other choices, and what becomes of each rank.

Every draw takes one of the declared alternatives of each choice, and weights that are up to so many
percent lighter or heavier (step 7 of the handbook: uncertainty).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np

from flows.catalog.barometers import Barometer, Method
from flows.steps.barometer.aggregate import DECIMALS, mean, rank, theme_scores
from flows.steps.barometer.panel import Floats, Ints, Panel
from flows.steps.barometer.prepare import Choice
from flows.steps.barometer.screen import Coverage
from flows.steps.barometer.sensitivity import Design, indices, make_design

CHOICES = ("outliers", "normalisation", "imputation", "aggregation")
BASE = 256  # rows behind each sensitivity index
AT_ONCE = 250  # rows: what they need at once stays under some tens of MB
LOW, HIGH = 5, 95  # percentiles of the interval


@dataclass(frozen=True)
class Ranking:
    """Scores and ranks of the territories that have one, in the order of `among`; all on one row.

    `low` and `high` bound the ranks of nine draws in ten.
    """

    among: Ints
    scores: Floats
    ranks: Ints
    low: Ints
    high: Ints


@dataclass(frozen=True)
class Assessment:
    """Rankings by theme, and overall by profile; then of each profile what moves the ranks.

    `shifts` is the mean number of places that territories move from their rank; `indices` are those
    of that number, the first-order and the total one of each choice.
    """

    themes: list[Ranking]
    overall: list[Ranking]
    shifts: list[float]
    indices: list[dict[str, tuple[float, float]]]


def assess(
    panel: Panel,
    barometer: Barometer,
    prepared: dict[Choice, Floats],
    profiles: Floats,
    coverage: Coverage,
) -> Assessment:
    """Rankings of *panel*, *prepared* in every way, under *profiles* (rows; what themes weigh)."""
    scoring = _Scoring(panel, barometer.method, profiles, coverage, prepared)
    design = _design(panel, barometer, profiles.shape[1])
    targets = _targets(scoring, 2 * design.half, len(design.rows["outliers"]))
    for rows, choice, noise in _groups(design, barometer):
        for target, scores in zip(targets, scoring.scores(choice, *noise), strict=True):
            target.note(rows, scores)
    overall = targets[-len(profiles) :]
    return Assessment(
        [target.ranking() for target in targets[: -len(profiles)]],
        [target.ranking() for target in overall],
        [round(float(target.shifts[: 2 * design.half].mean()), 4) for target in overall],
        [indices(design, target.shifts) for target in overall],
    )


@dataclass(frozen=True)
class _Scoring:
    panel: Panel
    method: Method
    profiles: Floats
    coverage: Coverage
    prepared: dict[Choice, Floats]

    def scores(self, choice: Choice, weights: Floats, themes: Floats) -> Iterator[Floats]:
        """Scores (draws by territories) of each theme, then overall under each profile.

        *weights* is draws by indicators, *themes* draws by themes: by how much they are multiplied.
        """
        *prepared, how = choice
        x, aggregation = self.prepared[tuple(prepared)], self.method.aggregation[how]
        weighed = self.panel.weights * weights
        has_theme = self.coverage.has_theme
        found = theme_scores(x, weighed, self.panel.themes, has_theme, aggregation)
        yield from found
        for profile in self.profiles:
            yield mean(found, profile * themes, aggregation)


class _Target:
    """A theme or the whole: its scores as published, and the ranks of every draw."""

    def __init__(self, scores: Floats, among: Ints, draws: int, rows: int) -> None:
        self.among, self.scores = among, np.round(scores[0, among], DECIMALS)
        self.ranks = rank(self.scores[None])[0]
        self.drawn = np.zeros((draws, len(among)), dtype=np.int32)
        self.shifts = np.zeros(rows)

    def note(self, rows: Ints, scores: Floats) -> None:
        ranks = rank(scores[:, self.among])
        if len(self.among):
            self.shifts[rows] = np.abs(ranks - self.ranks).mean(axis=1)
        inside = rows < len(self.drawn)
        self.drawn[rows[inside]] = ranks[inside]

    def ranking(self) -> Ranking:
        ends = np.percentile(self.drawn, [LOW, HIGH], axis=0, method="inverted_cdf")
        low, high = ends.astype(np.int64)
        return Ranking(self.among, self.scores, self.ranks, low, high)


def _targets(scoring: _Scoring, draws: int, rows: int) -> list[_Target]:
    """As many as there are themes and profiles, each with the scores of the declared choices."""
    ones = np.ones((1, scoring.panel.values.shape[1])), np.ones((1, scoring.profiles.shape[1]))
    declared = scoring.scores((0,) * len(CHOICES), *ones)
    coverage = scoring.coverage
    has_score = [*coverage.has_theme, *coverage.has_overall]
    return [
        _Target(scores, np.flatnonzero(has), draws, rows)
        for scores, has in zip(declared, has_score, strict=True)
    ]


def _design(panel: Panel, barometer: Barometer, themes: int) -> Design:
    sizes = dict.fromkeys(CHOICES, 1)
    sizes |= {"indicator_weights": panel.values.shape[1], "theme_weights": themes}
    told = barometer.uncertainty
    return make_design(sizes, told.draws, BASE, told.seed)


def _groups(
    design: Design, barometer: Barometer
) -> Iterator[tuple[Ints, Choice, tuple[Floats, Floats]]]:
    """Rows of the design that make the same choices: these, and the noise on their weights."""
    options = np.array([len(getattr(barometer.method, name)) for name in CHOICES])
    numbers = np.hstack([design.rows[name] for name in CHOICES])
    chosen = (numbers * options).astype(np.int64)
    noise = barometer.uncertainty.weight_noise_percent / 100
    weights, themes = (
        1 + noise * (2 * design.rows[name] - 1) for name in ("indicator_weights", "theme_weights")
    )
    for choice in product(*(range(count) for count in options)):
        every = np.flatnonzero((chosen == choice).all(axis=1))
        for start in range(0, len(every), AT_ONCE):
            rows = every[start : start + AT_ONCE]
            yield rows, choice, (weights[rows], themes[rows])
