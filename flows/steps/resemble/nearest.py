"""Nearest: variables on one scale, the nearest rows, and what each pair has in common."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

SHARED = 3  # as many variables are named for what two territories have in common
LIMIT = 4  # spreads from the centre: farther out, how far says no more, but on a log scale
NORMAL_IQR = 1.349  # the interquartile range of a normal distribution, in standard deviations


@dataclass(frozen=True)
class Scaled:
    """Standardised values (territory × variable) without gaps, and centre and spread of each."""

    values: pd.DataFrame
    parameters: pd.DataFrame


def standardise(table: pd.DataFrame, logged: list[str]) -> Scaled:
    """The rows of *table* that are whole, each column as spreads from its centre.

    The centre is the median and the spread the interquartile range over 1.349, or the standard
    deviation where most values are equal. Both are rounded to two significant digits, so that a
    change in one territory does not move the others. A column without spread says nothing: it is 0.
    """
    values = table.copy()
    values[logged] = np.log(values[logged].where(values[logged] > 0))
    values = values.dropna()
    quarters = values.quantile([0.25, 0.5, 0.75])
    centre = _round(quarters.loc[0.5])
    iqr = (quarters.loc[0.75] - quarters.loc[0.25]) / NORMAL_IQR
    spread = _round(iqr.where(iqr > 0, values.std(ddof=0)))
    usable = spread.where(spread > 0, np.inf)
    scaled = (values - centre) / usable
    linear = scaled.columns.difference(logged)
    scaled[linear] = scaled[linear].clip(-LIMIT, LIMIT)
    told = pd.DataFrame({"centre": centre, "spread": spread}).rename_axis("indicator")
    return Scaled(scaled, told.reset_index())


def _round(numbers: pd.Series) -> pd.Series:
    """To two significant digits."""
    return numbers.map(lambda number: float(f"{number:.2g}"))


def find_nearest(table: pd.DataFrame, neighbours: int) -> pd.DataFrame:
    """The rows nearest to each row of *table*: territory_id, similar_rank, similar_id, distance,
    shared_variables, differing_variable.

    The distance is Euclidean, over the square root of the number of variables: 1 is a spread apart
    in each. Equal distances are ranked by territory_id.
    """
    points, ids = table.to_numpy(), table.index.to_numpy()
    wanted = min(neighbours + 1, len(ids))
    if wanted < 2:
        return pd.DataFrame(columns=["territory_id", "similar_rank", "similar_id", "distance"])
    distances, found = cKDTree(points).query(points, k=wanted)
    rows = np.repeat(np.arange(len(ids)), wanted)
    pairs = pd.DataFrame({"row": rows, "other": found.ravel(), "distance": distances.ravel()})
    pairs["distance"] = (pairs["distance"] / np.sqrt(points.shape[1])).round(6)
    pairs = pairs[pairs["row"] != pairs["other"]].sort_values(["row", "distance", "other"])
    pairs["similar_rank"] = pairs.groupby("row").cumcount() + 1
    pairs = pairs[pairs["similar_rank"] <= neighbours].reset_index(drop=True)
    return pairs.assign(
        territory_id=ids[pairs["row"]],
        similar_id=ids[pairs["other"]],
        **_explain(points[pairs["row"]], points[pairs["other"]], table.columns.to_numpy()),
    ).drop(columns=["row", "other"])


def _explain(one: np.ndarray, other: np.ndarray, names: np.ndarray) -> dict[str, np.ndarray]:
    """What sets a territory apart from most and the other shares; and where they differ most.

    A variable is shared when the other is nearer to the territory than the centre is.
    """
    gap = np.abs(one - other)
    gain = one**2 - gap**2
    order = np.argsort(-gain, axis=1, kind="stable")[:, :SHARED]
    kept = np.take_along_axis(gain, order, axis=1) > 0
    shared = [
        ", ".join(name for name, is_kept in zip(row, keep, strict=True) if is_kept)
        for row, keep in zip(names[order], kept, strict=True)
    ]
    return {
        "shared_variables": np.array(shared, dtype=object),
        "differing_variable": names[gap.argmax(axis=1)],
    }
