"""Attack: between which two values a reader can place each hidden number.

As in "Handbook on Statistical Disclosure Control" (Hundepool et al., 2010), chapter 4.2: the
numbers are at least zero and meet the equations of all that is published; the least and the
greatest value of each, under these, are linear programs. Here bounds are carried along the
equations first, each component is solved on its own, and every solution is a witness for all of its
numbers, as is the truth: only what no witness clears, and no bound condemns, has programs of its
own (HiGHS, by scipy).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from flows.steps.disclose.table import CLOSE, SEED, Flags, Numbers, Places, Unknowns

ROUNDS = 50  # of bounds along equations; they stop earlier when nothing moves
DRAWS = 8  # directions in which a component is stretched before any number is looked at alone
FEW = 2  # that are left are looked at one by one
ENDLESS = 1e18


class Asked(Protocol):
    """Numbers that are attacked: each the sum of the classes in its row of `forms`.

    Where `one_end_condemns`, one that cannot be far enough on one side is unsafe.
    """

    forms: sparse.csr_matrix
    one_end_condemns: bool

    def open_ends(self, low: Numbers, high: Numbers) -> tuple[Flags, Flags]:
        """Of each, whether *low* is not low enough, and *high* not high enough."""

    def some(self, places: Places) -> "Asked":
        """Those at *places*."""


@dataclass
class Targets:
    """Numbers that are known to us: each is safe if a reader can place it no closer than from
    `wanted_low` to `wanted_high`.
    """

    forms: sparse.csr_matrix
    wanted_low: Numbers
    wanted_high: Numbers
    one_end_condemns: bool = field(default=True, init=False)

    def open_ends(self, low: Numbers, high: Numbers) -> tuple[Flags, Flags]:
        """Of each, whether *low* is not low enough, and *high* not high enough."""
        return low > self.wanted_low + CLOSE, high < self.wanted_high - CLOSE

    def some(self, places: Places) -> "Targets":
        """Those at *places*."""
        return Targets(self.forms[places], self.wanted_low[places], self.wanted_high[places])


def _is_open(targets: Asked, low: Numbers, high: Numbers) -> Flags:
    ends = targets.open_ends(low, high)
    return np.asarray(ends[0] | ends[1])


def find_unsafe(unknowns: Unknowns, targets: Asked) -> Flags:
    """Which of *targets* a reader of all that is published can place too closely."""
    low, high = carry_bounds(unknowns)
    limit = np.where(np.isinf(high), ENDLESS, high)
    condemned = _is_open(targets, targets.forms @ low, targets.forms @ limit)
    seen_low = np.asarray(targets.forms @ unknowns.truth).ravel()
    seen_high = seen_low.copy()
    for part in find_components(unknowns, low, high):
        unsafe = ~condemned & _is_open(targets, seen_low, seen_high)
        unsafe &= np.diff(targets.forms[:, part.classes].indptr) > 0
        if unsafe.any():
            asked = np.flatnonzero(unsafe)
            _stretch(part, targets.some(asked), asked, unknowns.truth, seen_low, seen_high)
    return np.asarray(condemned | _is_open(targets, seen_low, seen_high))


def find_interval(unknowns: Unknowns, form: Numbers) -> tuple[float, float]:
    """The least and the greatest value of a sum of classes, *form* times each."""
    low, high = carry_bounds(unknowns)
    free = high - low > CLOSE
    ends = [float(form[~free] @ low[~free])] * 2
    for part in find_components(unknowns, low, high):
        own = form[part.classes]
        for end, sign in enumerate((-1, 1) if own.any() else ()):
            values = part.solve(sign * own)
            ends[end] = sign * np.inf if values is None else ends[end] + float(own @ values)
    if unknowns.is_whole:
        return float(np.ceil(ends[0] - CLOSE)), float(np.floor(ends[1] + CLOSE))
    return ends[0], ends[1]


def carry_bounds(unknowns: Unknowns) -> tuple[Numbers, Numbers]:
    """For each class: bounds that follow from one equation after the other."""
    rows, totals = unknowns.equations, unknowns.totals
    low, high = unknowns.least.copy(), unknowns.most.copy()
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
        if unknowns.is_whole:
            low, high = np.ceil(low - CLOSE), np.floor(high + CLOSE)
        high = np.maximum(high, low)
        if np.array_equal(before[0], low) and np.array_equal(before[1], high):
            break
    return low, high


class Component:
    """Classes that equations tie together; *totals* are these, less what is certain of the rest."""

    def __init__(
        self, unknowns: Unknowns, totals: Numbers, bounds: Numbers, classes: Places
    ) -> None:
        rows = unknowns.equations[:, classes]
        used = np.flatnonzero(np.diff(rows.indptr))
        self.classes = classes
        self.bounds = bounds[classes]
        rows, totals = rows[used], totals[used]
        self.constraints = {"A_eq": rows, "b_eq": totals}
        if unknowns.tolerance:
            ends = np.concatenate([totals, -totals]) + unknowns.tolerance
            self.constraints = {"A_ub": sparse.vstack([rows, -rows]), "b_ub": ends}

    def solve(self, direction: Numbers) -> Numbers | None:
        """The classes, where the sum along *direction* is greatest; None if it has no end."""
        found = linprog(-direction, bounds=self.bounds, method="highs", **self.constraints)
        return None if found.x is None else np.asarray(found.x)


def find_components(unknowns: Unknowns, low: Numbers, high: Numbers) -> Iterator[Component]:
    """The classes that bounds leave open, apart where no equation ties them together."""
    free = high - low > CLOSE
    if not free.any():
        return
    left = unknowns.totals - unknowns.equations @ np.where(free, 0.0, low)
    rows = unknowns.equations[:, free]
    # Rows and columns are the ends of the ties: their number stays that of the memberships.
    ties = sparse.block_array([[None, rows], [rows.T, None]], format="csr")
    label = sparse.csgraph.connected_components(ties, directed=False)[1][rows.shape[0] :]
    places = np.flatnonzero(free)
    order = np.argsort(label, kind="stable")
    starts = np.unique(label[order], return_index=True)[1]
    bounds = np.column_stack([low, high])
    for classes in np.split(places[order], starts[1:]):
        yield Component(unknowns, left, bounds, classes)


def _stretch(
    part: Component,
    targets: Asked,
    asked: Places,
    start: Numbers,
    seen_low: Numbers,
    seen_high: Numbers,
) -> None:
    """Widen what was seen of *targets*, at the places *asked*, by what the component lets move."""
    forms = targets.forms[:, part.classes]
    own_start = np.asarray(forms @ start[part.classes]).ravel()
    base_low, base_high = seen_low[asked] - own_start, seen_high[asked] - own_start
    least, greatest = own_start.copy(), own_start.copy()
    drawn = np.random.default_rng(SEED)

    def note(direction: Numbers) -> bool:
        values = part.solve(direction)
        if values is None:
            return False
        seen = np.asarray(forms @ values).ravel()
        np.minimum(least, seen, out=least)
        np.maximum(greatest, seen, out=greatest)
        return True

    def open_ends() -> tuple[Flags, Flags]:
        low, high = targets.open_ends(base_low + least, base_high + greatest)
        return low & ~looked_at, high & ~looked_at

    looked_at = np.zeros(len(asked), dtype=bool)
    is_inside = np.diff(forms.indptr) == np.diff(targets.forms.indptr)  # and in no other component
    for _ in range(DRAWS):
        low, high = open_ends()
        if np.count_nonzero(low | high) <= FEW:
            break
        # Each is pulled to where it was not seen, or to either side; with weights, so that not the
        # same ones win every time.
        side = np.where(low & high, drawn.choice([-1.0, 1.0], len(asked)), high * 1.0 - low)
        note(np.asarray(forms.T @ (side * drawn.uniform(0.5, 1.5, len(asked)))).ravel())
    while len(left := np.flatnonzero(np.logical_or(*open_ends()))):
        place = left[0]
        own = forms[[place]].toarray().ravel()
        low, high = open_ends()
        is_lost = low[place] and (not note(-own) or open_ends()[0][place])
        is_over = is_lost and is_inside[place] and targets.one_end_condemns
        if high[place] and not is_over and not note(own):
            greatest[place] = np.inf
        looked_at[place] = True
    seen_low[asked], seen_high[asked] = base_low + least, base_high + greatest
