"""Panel: what is compared, at one level: one row per territory, one column per indicator."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

LEAST = 3  # territories: two that are compared are the best and the worst, whatever they do


@dataclass(frozen=True)
class Panel:
    """`values` has territories as rows and indicators as columns; what is not known is NaN.

    `signs` is 1 where higher is better, else -1. `themes` is the place of each indicator's theme,
    `parents` that of each territory's: any numbers, the same for those that have the same.
    """

    values: Floats
    signs: Floats
    weights: Floats
    themes: Ints
    parents: Ints

    @property
    def known(self) -> Bools:
        """Where a value is known."""
        return ~np.isnan(self.values)

    def only(self, kept: Bools) -> "Panel":
        """The panel with the indicators *kept* alone."""
        return Panel(
            self.values[:, kept],
            self.signs[kept],
            self.weights[kept],
            self.themes[kept],
            self.parents,
        )
