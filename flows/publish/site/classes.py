"""Classes: values → the few colours of a map, each class with as many territories as it can."""

import itertools
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

CLASSES = 5


@dataclass(frozen=True)
class Classes:
    """Upper bounds of the classes but the last; equal values are always in the same class."""

    low: float
    high: float
    bounds: tuple[float, ...]

    def number(self, value: float) -> int:
        """The class of *value*, 0 for the lowest."""
        return bisect_left(self.bounds, value)

    def ranges(self) -> list[tuple[float, float]]:
        """From where to where each class goes."""
        edges = [self.low, *self.bounds, self.high]
        return list(itertools.pairwise(edges))


def quantiles(values: Iterable[float], count: int = CLASSES) -> Classes | None:
    """Classes of as equal a size as ties allow; fewer where values are few; None without any."""
    ordered = sorted(values)
    if not ordered:
        return None
    cuts = [ordered[-(-len(ordered) * each // count) - 1] for each in range(1, count)]
    bounds = sorted({cut for cut in cuts if cut < ordered[-1]})
    return Classes(ordered[0], ordered[-1], tuple(bounds))
