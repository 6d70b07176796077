"""Time and memory of a barometer, against the bare products and sorts that it cannot do without.

    python benchmarks/barometer.py

1,255 territories (as many as there are EPCI), 30 indicators in four themes, four profiles, all
alternatives of every choice, and 1,000 draws with the rows behind the sensitivity indices. The
floor: for each of these rows, one product of the values with the weights, and one sort of the
scores by profile and by theme of a draw, of the same sizes, and nothing else.
"""

import resource
import time

import numpy as np

from flows.catalog.barometers import Barometer
from flows.steps.barometer.panel import Panel
from flows.steps.barometer.prepare import prepare
from flows.steps.barometer.screen import cover
from flows.steps.barometer.uncertainty import BASE, CHOICES, assess

TERRITORIES, INDICATORS, DRAWS = 1255, 30, 1000
THEMES = ("first", "second", "third", "fourth")
TEXT = {"fr": "x", "en": "x"}


def make_barometer() -> Barometer:
    """Four themes and profiles, and every alternative."""
    weights = dict.fromkeys(THEMES, 1)
    profile = {"title": TEXT, "description": TEXT, "weights": weights}
    return Barometer.model_validate(
        {
            "name": "x",
            "title": TEXT,
            "description": TEXT,
            "levels": ["epci"],
            "themes": {theme: [{"indicator": theme}] for theme in THEMES},
            "profiles": {f"profile_{n}": profile for n in range(4)},
            "screening": {
                "min_territories_percent": 50,
                "min_theme_percent": 50,
                "min_overall_percent": 50,
            },
            "method": {
                "outliers": ["treated", "as_they_are"],
                "normalisation": ["min_max", "z_score", "rank"],
                "imputation": ["none", "parent_median"],
                "aggregation": ["arithmetic", "geometric"],
            },
            "uncertainty": {"draws": DRAWS, "seed": 1},
        }
    )


def make_panel() -> Panel:
    """Values with long tails, of which one in twenty is not known."""
    generator = np.random.Generator(np.random.PCG64(1))
    values = generator.lognormal(size=(TERRITORIES, INDICATORS))
    values[generator.random(values.shape) < 0.05] = np.nan
    places = np.arange(INDICATORS)
    return Panel(
        values,
        np.where(places % 3, 1.0, -1.0),
        np.ones(INDICATORS),
        places % len(THEMES),
        np.arange(TERRITORIES) % 18,
    )


def compare(panel: Panel, barometer: Barometer) -> float:
    """The seconds that the barometer takes."""
    start = time.perf_counter()
    profiles = np.array([list(each.weights.values()) for each in barometer.profiles.values()])
    coverage = cover(panel, profiles, 50, 50)
    assess(panel, barometer, prepare(panel, barometer), profiles, coverage)
    return time.perf_counter() - start


def work_barely(panel: Panel, profiles: int) -> float:
    """The seconds of as many products and sorts."""
    generator = np.random.Generator(np.random.PCG64(2))
    values = np.nan_to_num(panel.values)
    rows = DRAWS + (len(CHOICES) + 2) * BASE
    start = time.perf_counter()
    for row in range(rows):
        scores = values @ generator.random((INDICATORS, profiles + len(THEMES)))
        sorts = profiles + (len(THEMES) if row < DRAWS else 0)
        for column in scores.T[:sorts]:
            np.argsort(column)
    return time.perf_counter() - start


def main() -> None:
    """Print both times, and the peak of memory."""
    panel, barometer = make_panel(), make_barometer()
    seconds, bare = compare(panel, barometer), work_barely(panel, len(barometer.profiles))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{DRAWS:,} draws: {seconds:.1f} s = {seconds / bare:.1f} × bare, {peak:.2f} GB")


if __name__ == "__main__":
    main()
