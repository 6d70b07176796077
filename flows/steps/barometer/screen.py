"""Screen: which indicators tell enough, and which territories are known well enough (step 3 of the
handbook: missing data).

A territory that is not known well enough has no score: what is missing is never counted as zero.
"""

from dataclasses import dataclass

import numpy as np

from flows.steps.barometer.panel import LEAST, Bools, Floats, Panel

NEARLY = 1e-9  # a share may lack as much of the limit that it just reaches


def usable(panel: Panel, min_territories_percent: float) -> Bools:
    """Of each indicator: enough territories have a value, and these are not all the same."""
    counts = panel.known.sum(axis=0)
    enough = counts >= panel.values.shape[0] * min_territories_percent / 100 - NEARLY
    return np.asarray(enough & (counts >= LEAST) & _varies(panel.values))


def _varies(values: Floats) -> Bools:
    lowest = np.fmin.reduce(values, axis=0, initial=np.inf)
    highest = np.fmax.reduce(values, axis=0, initial=-np.inf)
    return np.asarray(highest > lowest)


@dataclass(frozen=True)
class Coverage:
    """How much is known of each territory, as shares of weight, and who has a score.

    `theme` and `has_theme` have themes as rows and territories as columns; so do `overall` and
    `has_overall`, with profiles as rows.
    """

    theme: Floats
    has_theme: Bools
    overall: Floats
    has_overall: Bools


def cover(
    panel: Panel, profiles: Floats, min_theme_percent: float, min_overall_percent: float
) -> Coverage:
    """Coverage by theme, then overall under each of *profiles* (rows; what the themes weigh).

    A theme of which a territory has no score counts for nothing in its overall coverage, and so
    does one of which no indicator is used at this level.
    """
    count = profiles.shape[1]
    theme = np.zeros((count, panel.values.shape[0]))
    for place in np.unique(panel.themes):
        columns = panel.themes == place
        weights = panel.weights[columns]
        theme[place] = (panel.known[:, columns] * weights).sum(axis=1) / weights.sum()
    theme = np.round(theme, 6)
    has_theme = theme >= min_theme_percent / 100 - NEARLY
    shares = profiles / profiles.sum(axis=1, keepdims=True)
    overall = (shares[:, :, None] * (theme * has_theme)[None]).sum(axis=1)
    overall = np.round(overall, 6)
    return Coverage(theme, has_theme, overall, overall >= min_overall_percent / 100 - NEARLY)
