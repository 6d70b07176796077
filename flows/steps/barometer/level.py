"""Level: one barometer at one level, from its values to its scores, step by step."""

from dataclasses import dataclass

import numpy as np

from flows.catalog import Catalog
from flows.catalog.barometers import Barometer
from flows.steps.barometer.panel import Bools, Floats, Ints, Panel
from flows.steps.barometer.prepare import DECLARED, prepare
from flows.steps.barometer.read import LevelData
from flows.steps.barometer.screen import Coverage, cover, usable
from flows.steps.barometer.uncertainty import Assessment, assess


@dataclass(frozen=True)
class Comparison:
    """What came of it: `values` are normalised, territories by the indicators `used`.

    `places` are those of the indicators used, among all of the barometer.
    """

    used: Panel
    places: Ints
    values: Floats
    coverage: Coverage
    assessment: Assessment


def find_kept(catalog: Catalog, barometer: Barometer, data: LevelData) -> tuple[Panel, Bools]:
    """All indicators of *barometer* at the level of *data*, and which of them can be used."""
    panel = Panel(
        data.values,
        np.array([_sign(catalog, name) for name in data.indicators]),
        np.array([barometer.components[name].weight for name in data.indicators], dtype=float),
        _themes(barometer),
        data.parents,
    )
    return panel, usable(panel, barometer.screening.min_territories_percent)


def compare(barometer: Barometer, panel: Panel, kept: Bools) -> Comparison | None:
    """Scores and ranks by the indicators *kept* of *panel*; None where none is."""
    if not kept.any():
        return None
    used, least = panel.only(kept), barometer.screening
    weights = [list(_in_order(barometer, name)) for name in barometer.profiles]
    profiles = np.array(weights, dtype=float)
    coverage = cover(used, profiles, least.min_theme_percent, least.min_overall_percent)
    prepared = prepare(used, barometer)
    assessment = assess(used, barometer, prepared, profiles, coverage)
    return Comparison(used, np.flatnonzero(kept), prepared[DECLARED], coverage, assessment)


def _sign(catalog: Catalog, name: str) -> float:
    """1 where higher is better, also of an indicator that is absent, and so not used."""
    indicator = catalog.indicators.get(name)
    return -1.0 if indicator and indicator.direction == "lower_is_better" else 1.0


def _themes(barometer: Barometer) -> Ints:
    """The place of the theme of each indicator, in their order."""
    sizes = [len(each) for each in barometer.themes.values()]
    return np.repeat(np.arange(len(sizes), dtype=np.int64), sizes)


def _in_order(barometer: Barometer, profile: str) -> list[float]:
    """What the themes weigh, in the order of `themes:`."""
    weights = barometer.profiles[profile].weights
    return [weights[theme] for theme in barometer.themes]
