"""Normalise: every indicator from 0 to 100, the best highest (step 5 of the handbook).

And impute what is not known (step 3), where that is one of the choices.
"""

import numpy as np

from flows.catalog.barometers import Imputation, Normalisation
from flows.steps.barometer.panel import Bools, Floats, Ints

MIDDLE, SPREAD = 50, 15  # of a z-score here: few leave 0 to 100, and these stop at its ends
DECIMALS = 4  # published so, and computed with so: whoever starts from what is published agrees


def normalise(x: Floats, sign: float, how: Normalisation) -> Floats:
    """*x*, of which at least two values differ, from 0 to 100; NaN stays NaN.

    *sign* is 1 where higher is better, else -1.
    """
    scale = {"min_max": _min_max, "z_score": _z_score, "rank": _rank}[how]
    normalised = np.full(len(x), np.nan)
    known = ~np.isnan(x)
    normalised[known] = np.round(scale(sign * x[known]), DECIMALS)
    return normalised


def _min_max(x: Floats) -> Floats:
    return np.asarray((x - x.min()) / (x.max() - x.min()) * 100)


def _z_score(x: Floats) -> Floats:
    away = (x - x.mean()) / x.std(ddof=1)
    return np.asarray(np.clip(MIDDLE + SPREAD * away, 0, 100))


def _rank(x: Floats) -> Floats:
    """The share of the others that each is above, those equal to it counting half."""
    ordered = np.sort(x)
    below = np.searchsorted(ordered, x, side="left")
    not_above = np.searchsorted(ordered, x, side="right")
    return np.asarray((below + not_above - 1) / 2 / (len(x) - 1) * 100)


def impute(normalised: Floats, parents: Ints, how: Imputation) -> Floats:
    """*normalised* (territories by indicators), with `parent_median` where nothing is known.

    That is the median of those of the same parent; of all, where none of these is known.
    """
    if how == "none":
        return normalised
    filled = normalised.copy()
    missing = np.isnan(normalised)
    for column in np.flatnonzero(missing.any(axis=0)):
        x = normalised[:, column]
        for parent in np.unique(parents[missing[:, column]]):
            among = parents == parent
            filled[among & missing[:, column], column] = _median(x[among], np.nanmedian(x))
    return np.round(filled, DECIMALS)


def _median(x: Floats, otherwise: float) -> float:
    known: Bools = ~np.isnan(x)
    return float(np.median(x[known])) if known.any() else float(otherwise)
