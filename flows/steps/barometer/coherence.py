"""Coherence: whether each indicator goes with the theme that it is to tell of (steps 4 and 8)."""

from collections.abc import Sequence

import numpy as np

from flows.steps.barometer.panel import Floats, Ints
from flows.steps.barometer.uncertainty import Ranking

LEAST = 4  # territories: between fewer, a correlation says nothing


def correlate(x: Floats, themes: Ints, rankings: Sequence[Ranking]) -> list[float | None]:
    """Pearson correlation of each indicator with the score of its theme; None where there is none.

    *x* is normalised, territories by indicators: a negative one says that the indicator works
    against its theme.
    """
    found = []
    for values, theme in zip(x.T, themes, strict=True):
        among = rankings[theme].among
        known = ~np.isnan(values[among])
        found.append(_correlation(values[among][known], rankings[theme].scores[known]))
    return found


def _correlation(x: Floats, y: Floats) -> float | None:
    if len(x) < LEAST or x.min() == x.max() or y.min() == y.max():
        return None
    return round(float(np.corrcoef(x, y)[0, 1]), 4)
