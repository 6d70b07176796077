"""Solve: between which values what is told places what is hidden."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from scipy import sparse

from flows.attack.told import BEFORE, Column, Found, Told
from flows.steps.disclose.attack import (
    carry_bounds,
    find_components,
    find_interval,
    find_unsafe,
)
from flows.steps.disclose.protect import PERCENT
from flows.steps.disclose.table import CLOSE, Flags, Numbers, Places, Unknowns, find_classes

ROUNDED = 1e-4  # what totals of numbers that were rounded may lack


@dataclass
class Placed:
    """Numbers that are not known to us: placed too closely wherever they may be.

    Each is `known`, what is told of it, and the sum of the classes in its row of `forms`.

    The least that a number under secrecy asks for is the width around the lowest value it can have.
    That it is nothing is told: none is no secret.
    """

    forms: sparse.csr_matrix
    known: Numbers
    is_share: bool
    one_end_condemns: bool = field(default=False, init=False)

    def open_ends(self, low: Numbers, high: Numbers) -> tuple[Flags, Flags]:
        """Of each, whether what was seen of it is too close: at both ends, as one cannot know."""
        least = np.where(low + self.known > CLOSE, low + self.known, 0.0)
        width = np.maximum(least * PERCENT / 100, 1)
        above = 0 if self.is_share else width
        wanted = np.where(least > 0, np.minimum(width, least) + above, 0)
        is_open = np.asarray(high - low < wanted - CLOSE)
        return is_open, is_open

    def some(self, places: Places) -> "Placed":
        """Those at *places*."""
        return Placed(self.forms[places], self.known[places], self.is_share)


@dataclass
class Measure:
    """Numbers that stand in several columns; `hidden` are the places not to be known."""

    columns: list[Column]
    numbers: Numbers
    hidden: dict[str, Flags]
    whole: "Measure | None" = None
    share: "Measure | None" = None


def find_placed(told: Told) -> Iterator[Found]:
    """The hidden cells that can be placed too closely."""
    for measure in _find_measures(told):
        if measure.hidden:
            yield from _look_up(told, measure)
            yield from _attack(told, measure)


def _look_up(told: Told, measure: Measure) -> Iterator[Found]:
    """Hidden numerators that another column tells; a denominator that is told is no secret."""
    for indicator, hidden in measure.hidden.items():
        own = told.numbers.get((indicator, "numerator"))
        if own is None or (indicator, "numerator") not in measure.columns:
            continue
        for place in np.flatnonzero(hidden & np.isnan(own) & ~np.isnan(measure.numbers)):
            name, number = told.places[place].removesuffix(BEFORE), float(measure.numbers[place])
            yield Found(indicator, name, told.period, "another indicator", number, number)


def _find_measures(told: Told) -> list[Measure]:
    """The columns of counts, those that hold the same numbers as one."""
    group = {column: number for number, column in enumerate(told.numbers)}
    for one, other in told.same:
        if one in group and other in group:
            old, new = group[one], group[other]
            group = {column: new if each == old else each for column, each in group.items()}
    measures: dict[int, Measure] = {}
    for column, number in group.items():
        measure = measures.setdefault(number, Measure([], np.full(len(told.places), np.nan), {}))
        measure.columns.append(column)
        own = told.numbers[column]
        measure.numbers = np.where(np.isnan(measure.numbers), own, measure.numbers)
        if column[0] in told.hidden:
            measure.hidden[column[0]] = told.hidden[column[0]]
    _find_wholes({c: measures[n] for c, n in group.items()})
    return list(measures.values())


def _find_wholes(measure_of: dict[Column, Measure]) -> None:
    """Note which numerators are never greater than their denominators, wherever both are told."""
    for (name, column), share in measure_of.items():
        whole = measure_of.get((name, "denominator"))
        if column != "numerator" or whole is None or whole is share:
            continue
        both = ~np.isnan(share.numbers) & ~np.isnan(whole.numbers)
        if both.any() and (share.numbers[both] <= whole.numbers[both] + CLOSE).all():
            share.whole, whole.share = whole, share


def _attack(told: Told, measure: Measure) -> Iterator[Found]:
    unknowns = _find_unknowns(told, measure)
    truth = _solve(unknowns)
    if truth is None:
        return  # the totals contradict each other: who adds them up finds nothing
    unknowns = replace(unknowns, truth=truth)
    is_hidden = np.logical_or.reduce(list(measure.hidden.values())) & np.isnan(measure.numbers)
    places, forms = _ask(told, unknowns, is_hidden)
    if not len(places):
        return
    values = np.nan_to_num(measure.numbers[: told.communes])
    known = np.concatenate([np.zeros(told.communes), told.member @ values])[places]
    unsafe = find_unsafe(unknowns, Placed(forms, known, measure.whole is not None))
    for row in np.flatnonzero(unsafe):
        low, high = find_interval(unknowns, np.asarray(forms[[row]].toarray()).ravel())
        for indicator, flags in measure.hidden.items():
            if flags[places[row]]:
                name = told.places[places[row]].removesuffix(BEFORE)
                more = known[row]
                yield Found(indicator, name, told.period, "totals", low + more, high + more)


def _find_unknowns(told: Told, measure: Measure) -> Unknowns:
    """What is known of a measure, also by what it is within, and by what is within it."""
    unknowns = _find_equations(told, measure.numbers)
    least, most = unknowns.least, unknowns.most
    if measure.whole:
        most = _bound(told, measure.whole, unknowns, 1)
    if measure.share:
        least = _bound(told, measure.share, unknowns, 0)
    return replace(unknowns, least=least, most=np.maximum(most, least))


def _bound(told: Told, other: Measure, unknowns: Unknowns, end: int) -> Numbers:
    """The least (end 0) or greatest (end 1) sum that each class of unknowns has in *other*."""
    theirs = _find_equations(told, other.numbers)
    bounds = carry_bounds(theirs)[end]
    known = np.nan_to_num(other.numbers[: told.communes])
    unknown = unknowns.class_of >= 0
    sums = np.zeros(len(unknowns.sizes))
    np.add.at(sums, unknowns.class_of[unknown], known[unknown])
    # What is unknown there too lies in one class of theirs, whose bound it shares with the others.
    both = unknown & (theirs.class_of >= 0)
    for own, their in np.unique(
        np.column_stack([unknowns.class_of[both], theirs.class_of[both]]), axis=0
    ):
        sums[own] += bounds[their]
    return sums


def _find_equations(told: Told, numbers: Numbers) -> Unknowns:
    values, totals = numbers[: told.communes], numbers[told.communes :]
    unknown = np.flatnonzero(np.isnan(values))
    first, inverse, sizes = find_classes(told.member[:, unknown])
    class_of = np.full(told.communes, -1)
    class_of[unknown] = inverse
    rows = told.member[:, unknown[first]].tocsr()
    left = totals - told.member @ np.where(np.isnan(values), 0, values)
    used = ~np.isnan(totals) & (np.diff(rows.indptr) > 0)
    known = numbers[~np.isnan(numbers)]
    is_whole = bool((np.abs(known - np.round(known)) <= CLOSE).all())
    size = len(sizes)
    return Unknowns(
        class_of,
        sizes,
        rows[used].tocsr(),
        left[used],
        rows,
        np.zeros(size),
        np.full(size, np.inf),
        is_whole,
        np.zeros(size),
        0.0 if is_whole else ROUNDED,
    )


def _solve(unknowns: Unknowns) -> Numbers | None:
    """Numbers that meet all equations; None where none do."""
    low, high = carry_bounds(unknowns)
    truth = low.copy()
    for part in find_components(unknowns, low, high):
        values = part.solve(np.zeros(len(part.classes)))
        if values is None:
            return None
        truth[part.classes] = values
    off = np.abs(unknowns.equations @ truth - unknowns.totals)
    return truth if (off <= max(unknowns.tolerance, CLOSE) * 10).all() else None


def _ask(told: Told, unknowns: Unknowns, is_hidden: Flags) -> tuple[Places, sparse.csr_matrix]:
    """The hidden places that can be asked for, as sums of classes: a commune alone in its class,
    and territories of which nothing is known but by their communes."""
    communes = np.flatnonzero(is_hidden[: told.communes])
    classes = unknowns.class_of[communes]
    alone = unknowns.sizes[classes] == 1
    own = sparse.identity(len(unknowns.sizes), format="csr")[classes[alone]]
    territories = np.flatnonzero(is_hidden[told.communes :])
    forms = sparse.vstack([own, unknowns.forms[territories]]).tocsr()
    return np.concatenate([communes[alone], territories + told.communes]), forms
