"""Treat: pull outliers in, where they would decide of an indicator alone (before step 5).

As `Treat` of the R package COINr does (W. Becker and others, 2022): where skewness and kurtosis
pass both limits, the extreme values become the next ones, one by one, until one limit holds; where
too many would have to, a logarithm of the indicator takes its place.
"""

import numpy as np

from flows.steps.barometer.panel import Floats

OFFSET = 0.01  # of the range: what `log_CT` of COINr adds, so that the lowest has a logarithm


def skewness(x: Floats) -> float:
    """The sample skewness G1 of *x*, as spreadsheets and COINr compute it."""
    n, away = len(x), x - x.mean()
    moment = np.sqrt(n) * (away**3).sum() / (away**2).sum() ** 1.5
    return float(moment * np.sqrt(n * (n - 1)) / (n - 2))


def kurtosis(x: Floats) -> float:
    """The sample excess kurtosis G2 of *x*, as spreadsheets and COINr compute it."""
    n, away = len(x), x - x.mean()
    moment = n * (away**4).sum() / (away**2).sum() ** 2
    return float(((n + 1) * (moment - 3) + 6) * (n - 1) / ((n - 2) * (n - 3)))


def has_outliers(x: Floats, max_skewness: float, max_kurtosis: float) -> bool:
    """Whether *x* passes both limits; fewer than four values, or equal ones, have none."""
    if len(x) < 4 or x.min() == x.max():
        return False
    return abs(skewness(x)) > max_skewness and kurtosis(x) > max_kurtosis


def winsorise(
    x: Floats, max_points: int, max_skewness: float, max_kurtosis: float
) -> tuple[Floats, int]:
    """*x* with at most *max_points* of its extreme values pulled in, and how many were.

    Equal values are pulled in together or, unlike in COINr, not at all; nor are those beside which
    all others are the same.
    """
    if skewness(x) < 0:
        mirrored, points = winsorise(-x, max_points, max_skewness, max_kurtosis)
        return -mirrored, points
    x, points = x.copy(), 0
    while has_outliers(x, max_skewness, max_kurtosis) and skewness(x) > 0:
        at = x == x.max()
        rest = x[~at]
        if at.sum() > max_points or rest.min() == rest.max():
            break
        x[at], points = rest.max(), int(at.sum())
    return x, points


def take_logarithm(x: Floats) -> Floats:
    """A logarithm of *x* from its long tail's other end; the order of the values is kept."""
    if skewness(x) < 0:
        return -take_logarithm(-x)
    reach = x.max() - x.min()
    return np.asarray(np.log(x - x.min() + OFFSET * reach))


def treat(
    x: Floats, max_percent: float, max_skewness: float, max_kurtosis: float
) -> tuple[Floats, str, int]:
    """*x* without outliers, what was done (`none`, `winsorised`, `logarithm`), to how many values.

    NaN stays where it is. The limit is *max_percent* of the known values, at least one.
    """
    known = ~np.isnan(x)
    told, treated = x[known], x.copy()
    if not has_outliers(told, max_skewness, max_kurtosis):
        return treated, "none", 0
    most = max(1, int(len(told) * max_percent / 100))
    pulled, points = winsorise(told, most, max_skewness, max_kurtosis)
    if has_outliers(pulled, max_skewness, max_kurtosis):
        treated[known] = take_logarithm(told)
        return treated, "logarithm", len(told)
    treated[known] = pulled
    return treated, "winsorised", points
