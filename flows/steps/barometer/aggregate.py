"""Aggregate: from indicators to themes, from themes to the whole, and ranks (step 6).

Sums are made term by term, in the order of the indicators: whatever the machine and its threads,
they give the same bits.
"""

import numpy as np

from flows.catalog.barometers import Aggregation
from flows.steps.barometer.panel import Bools, Floats, Ints

# A geometric mean asks for numbers over 0: 0 to 100 becomes 1 to 100, as in COINr's examples.
LIFT = 0.99
DECIMALS = 4  # of a score, as it is published and ranked: what differs by less is the same


def mean(x: Floats, weights: Floats, how: Aggregation) -> Floats:
    """Weighted means of *x* over its first axis, those that are NaN left out.

    *x* is terms by territories, *weights* draws by terms; the means are draws by territories, and
    NaN where no term is known. Each term may also differ from draw to draw: terms by draws by
    territories.
    """
    if how == "geometric":
        return np.asarray(np.expm1(_sums(np.log1p(LIFT * x), weights)) / LIFT)
    return _sums(x, weights)


def _sums(x: Floats, weights: Floats) -> Floats:
    known = ~np.isnan(x)
    filled = np.where(known, x, 0.0)
    total = np.zeros((weights.shape[0], x.shape[-1]))
    weight = np.zeros_like(total)
    for term, is_known, of_draws in zip(filled, known, weights.T, strict=True):
        total += of_draws[:, None] * term
        weight += of_draws[:, None] * is_known
    with np.errstate(invalid="ignore"):  # no term known: 0 / 0, which is NaN as it should be
        return np.asarray(total / weight)


def theme_scores(
    x: Floats, weights: Floats, themes: Ints, has_theme: Bools, how: Aggregation
) -> Floats:
    """Themes by draws by territories; NaN where a territory has no score of the theme.

    *x* is territories by indicators, *weights* draws by indicators, *themes* their places.
    """
    scores = np.full((len(has_theme), weights.shape[0], x.shape[0]), np.nan)
    for place in np.unique(themes):
        columns = themes == place
        scores[place] = mean(x[:, columns].T, weights[:, columns], how)
    scores[np.broadcast_to(~has_theme[:, None, :], scores.shape)] = np.nan
    return scores


def rank(scores: Floats) -> Ints:
    """Ranks within each row of *scores*, 1 the highest; equal ones share the best."""
    rounded = np.round(scores, DECIMALS)
    order = np.argsort(-rounded, axis=1)
    ordered = np.take_along_axis(rounded, order, axis=1)
    is_new = np.ones(ordered.shape, dtype=bool)
    is_new[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    places = np.where(is_new, np.arange(1, ordered.shape[1] + 1), 0)
    ranks = np.empty(ordered.shape, dtype=np.int64)
    np.put_along_axis(ranks, order, np.maximum.accumulate(places, axis=1), axis=1)
    return ranks
