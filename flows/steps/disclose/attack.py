"""Attack: between which two values a reader can place each hidden number.

As in "Handbook on Statistical Disclosure Control" (Hundepool et al., 2010), chapter 4.2: the
numbers are at least zero and meet the equations of all that is published; the least and the
greatest value of each, under these, are linear programs. Here bounds are carried along the
equations first, each component is solved on its own, and every solution is a witness for all of its
numbers: only what no witness clears, and no bound condemns, has programs of its own (HiGHS, by
scipy).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from flows.steps.disclose.table import SEED, Flags, Numbers, Places, Unknowns

ROUNDS = 50  # of bounds along equations; they stop earlier when nothing moves
DRAWS = 6  # directions in which each component is stretched before any number is looked at alone
CLOSE = 1e-6


@dataclass(frozen=True)
class Targets:
    """Numbers that are attacked: each the sum of the classes in its row of `forms`.

    One is safe if a reader can place it no closer than from `wanted_low` to `wanted_high`.
    """

    forms: sparse.csr_matrix
    wanted_low: Numbers
    wanted_high: Numbers

    def safe(self, low: Numbers, high: Numbers) -> Flags:
        """Which of them are, if all that is known is that they can be as *low* and as *high*."""
        far = (low <= self.wanted_low + CLOSE) & (high >= self.wanted_high - CLOSE)
        return np.asarray(far)


def find_unsafe(unknowns: Unknowns, targets: Targets) -> Flags:
    """Which of *targets* a reader of all that is published can place too closely."""
    low, high = carry_bounds(unknowns)
    limit = np.where(np.isinf(high), 1e18, high)
    condemned = ~targets.safe(targets.forms @ low, targets.forms @ limit)
    certain = np.where(high - low <= CLOSE, low, 0.0)
    seen_low = np.asarray(targets.forms @ certain).ravel()
    seen_high = seen_low.copy()
    left = unknowns.totals - unknowns.equations @ certain
    for part in _components(unknowns, left, low, high):
        asked = np.flatnonzero(~condemned & (np.diff(targets.forms[:, part.classes].indptr) > 0))
        if len(asked):
            _stretch(part, targets, asked, seen_low, seen_high)
    return np.asarray(condemned | ~targets.safe(seen_low, seen_high))


def carry_bounds(unknowns: Unknowns) -> tuple[Numbers, Numbers]:
    """For each class: bounds that follow from one equation after the other."""
    rows, totals = unknowns.equations, unknowns.totals
    size = rows.shape[1]
    low, high = np.zeros(size), np.full(size, np.inf)
    row_of = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    for _ in range(ROUNDS):
        before = low.copy(), high.copy()
        slack = (totals - rows @ low)[row_of] + low[rows.indices]
        np.minimum.at(high, rows.indices, slack)
        endless = np.isinf(high)
        finite = np.where(endless, 0, high)
        rest = (totals - rows @ finite)[row_of] + finite[rows.indices]
        others_endless = (rows @ endless.astype(float))[row_of] - endless[rows.indices]
        np.maximum.at(low, rows.indices, np.where(others_endless > 0, 0, rest))
        high = np.maximum(high, low)
        if np.array_equal(before[0], low) and np.array_equal(before[1], high):
            break
    return low, high


class _Component:
    """Classes that equations tie together; *totals* are theirs, less what is certain."""

    def __init__(
        self,
        equations: sparse.csr_matrix,
        totals: Numbers,
        low: Numbers,
        high: Numbers,
        classes: Places,
    ) -> None:
        rows = equations[:, classes]
        used = np.flatnonzero(np.diff(rows.indptr))
        self.classes = classes
        self.rows = rows[used]
        self.totals = totals[used]
        upper = [None if np.isinf(each) else each for each in high[classes]]
        self.bounds = list(zip(low[classes], upper, strict=True))

    def solve(self, direction: Numbers) -> Numbers | None:
        """The classes, where the sum along *direction* is greatest; None if it has no end."""
        found = linprog(
            -direction, A_eq=self.rows, b_eq=self.totals, bounds=self.bounds, method="highs"
        )
        if found.x is None:
            return None
        return np.asarray(found.x)


def _components(
    unknowns: Unknowns, totals: Numbers, low: Numbers, high: Numbers
) -> Iterator[_Component]:
    free = high - low > CLOSE
    rows = unknowns.equations[:, free]
    ties = rows.T @ rows
    count, label = sparse.csgraph.connected_components(ties, directed=False)
    places = np.flatnonzero(free)
    order = np.argsort(label, kind="stable")
    edges = np.searchsorted(label[order], np.arange(count + 1))
    for index in range(count):
        classes = places[order[edges[index] : edges[index + 1]]]
        yield _Component(unknowns.equations, totals, low, high, classes)


def _stretch(
    part: _Component, targets: Targets, asked: Places, low: Numbers, high: Numbers
) -> None:
    """Add to *low* and *high*, of the targets *asked*, what this component lets them reach."""
    forms = targets.forms[asked][:, part.classes]
    least, greatest = np.full(len(asked), np.inf), np.full(len(asked), -np.inf)

    def note(direction: Numbers) -> bool:
        values = part.solve(direction)
        if values is None:
            return False
        seen = np.asarray(forms @ values).ravel()
        np.minimum(least, seen, out=least)
        np.maximum(greatest, seen, out=greatest)
        return True

    drawn = np.random.default_rng(SEED)
    for _ in range(DRAWS if len(part.classes) > 1 else 1):
        direction = drawn.normal(size=len(part.classes))
        note(direction)
        note(-direction)

    def unsafe() -> Places:
        safe = wanted.safe(low[asked] + least, high[asked] + greatest)
        return np.flatnonzero(~safe & ~looked_at)

    wanted = Targets(forms, targets.wanted_low[asked], targets.wanted_high[asked])
    looked_at = np.zeros(len(asked), dtype=bool)
    while len(left := unsafe()):
        own = forms[[left[0]]].toarray().ravel()
        note(-own)
        if not note(own):
            greatest[left[0]] = np.inf
        looked_at[left[0]] = True
    low[asked] += least
    high[asked] += greatest
