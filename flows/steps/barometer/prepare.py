"""Prepare: the values of a panel, ready to be added up, in every declared way."""

from itertools import product

import numpy as np

from flows.catalog.barometers import Barometer
from flows.steps.barometer.normalise import impute, normalise
from flows.steps.barometer.panel import Floats, Panel
from flows.steps.barometer.treat import treat

Choice = tuple[int, ...]  # the place of an alternative, for each choice: outliers, normalisation …
DECLARED: Choice = (0, 0, 0)


def prepare(panel: Panel, barometer: Barometer) -> dict[Choice, Floats]:
    """Normalised values (territories by indicators) for every way to prepare them.

    The first, of which all choices are 0, is the declared one.
    """
    method, limits = barometer.method, barometer.skewed
    columns = panel.values.T
    done = [
        treat(x, limits.max_percent, limits.max_skewness, limits.max_kurtosis)[0] for x in columns
    ]
    treated = {"treated": np.array(done).reshape(columns.shape), "as_they_are": columns}
    prepared: dict[Choice, Floats] = {}
    for o, n in product(range(len(method.outliers)), range(len(method.normalisation))):
        each = zip(treated[method.outliers[o]], panel.signs, strict=True)
        scaled = np.array([normalise(x, sign, method.normalisation[n]) for x, sign in each])
        for i, how in enumerate(method.imputation):
            prepared[o, n, i] = impute(scaled.reshape(columns.shape).T, panel.parents, how)
    return prepared
