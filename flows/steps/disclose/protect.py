"""Protect: which more cells to hide, so that those hidden first cannot be computed.

For each cell that may be computed, the least costly change of all numbers that keeps every total
that is shown, and moves the cell far enough: what such a change touches is hidden too. It is the
linear program of Robertson (Statistics Canada's CONFID) and of "Handbook on Statistical Disclosure
Control" (Hundepool et al., 2010), chapter 4.4. Costs are inhabitants, which hardly change from one
release to the next, so that what is hidden hardly changes either.
"""

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from flows.errors import PromiseError
from flows.steps.disclose.attack import CLOSE, Targets, find_unsafe
from flows.steps.disclose.table import Flags, Numbers, Places, Table, Unknowns, find_unknowns

PASSES = 20
PERCENT = 10  # of a number: the width in which nobody may place it, on either side
Widths = tuple[Numbers, Numbers]  # below and above
HIDDEN_COST = 1e-3  # of a cell that is hidden already: not nothing, to touch few of these too


def protect(table: Table, name: str) -> None:
    """Hide parts and territories of *table* until no number under secrecy can be placed.

    Raises PromiseError, which names *name*, when hiding does not help.
    """
    table.part_shown &= ~table.part_primary
    table.territory_shown &= ~table.territory_primary
    asked = _primary(table)
    unsafe = {measure: find_open(table, measure, asked) for measure in table.measures}
    for _ in range(PASSES):
        if not any(len(places) for places in unsafe.values()):
            return
        for measure, places in unsafe.items():
            widths = find_widths(table, measure)
            for place in places:
                _hide_more(table, measure, int(place), widths, name)
        # To hide more tells nothing more: what was safe stays so.
        unsafe = {each: find_open(table, each, places) for each, places in unsafe.items()}
    told = ", ".join(measure for measure, places in unsafe.items() if len(places))
    problem = f"numbers under secrecy can be computed from what is shown ({told})"
    raise PromiseError(f"catalog/indicators/{name}.yml", problem, "publish it from a higher level")


def _primary(table: Table) -> Places:
    """The places of what may not be told: parts, then territories (after all parts)."""
    return np.flatnonzero(np.concatenate([table.part_primary, table.territory_primary]))


def find_open(table: Table, measure: str, places: Places) -> Places:
    """Which of *places*, of primary cells, a reader can place too closely."""
    if not len(places):
        return places
    unknowns = find_unknowns(table, measure)
    down, up = find_widths(table, measure)
    values = np.concatenate([table.measures[measure], table.totals(measure)])
    is_part = places < len(table.parts)
    classes = unknowns.class_of[places[is_part]]
    # Beside another in its class, a part may be all of the class or nothing of it.
    low = np.where(unknowns.sizes[classes] == 1, (values - down)[places[is_part]], np.inf)
    own = _ask_classes(unknowns, classes, low, (values + up)[places[is_part]])
    rank = np.cumsum(~table.territory_shown) - 1  # of each hidden territory among these
    larger = places[~is_part]
    forms = unknowns.forms[rank[larger - len(table.parts)]]
    # All at once: what one program finds may clear a part and a territory.
    found = find_unsafe(
        unknowns,
        Targets(
            sparse.vstack([own.forms, forms]).tocsr(),
            np.concatenate([own.wanted_low, (values - down)[larger]]),
            np.concatenate([own.wanted_high, (values + up)[larger]]),
        ),
    )
    unsafe = np.zeros(len(places), dtype=bool)
    unsafe[is_part], unsafe[~is_part] = found[classes], found[len(unknowns.sizes) :]
    return places[unsafe]


def _ask_classes(unknowns: Unknowns, classes: Places, low: Numbers, high: Numbers) -> Targets:
    """One target for each class: as wide as its parts ask for; for others, nothing."""
    size = len(unknowns.sizes)
    wanted_low, wanted_high = np.full(size, np.inf), np.full(size, -np.inf)
    np.minimum.at(wanted_low, classes, low)
    np.maximum.at(wanted_high, classes, high)
    return Targets(sparse.identity(size, format="csr"), wanted_low, wanted_high)


def find_widths(table: Table, measure: str) -> Widths:
    """How far below and above each number (parts, then territories) a reader must be kept.

    A count of nobody is told: that none has a trait is no secret. A share is within its whole.
    """
    values = np.concatenate([table.measures[measure], table.totals(measure)])
    width = np.maximum(np.abs(values) * PERCENT / 100, 1)
    up = np.where(values > 0, width, 0)
    if measure in table.shares:
        whole = np.concatenate([table.measures["units"], table.totals("units")])
        up = np.minimum(up, whole - values)
    return np.where(values > 0, np.minimum(width, values), 0), np.maximum(up, 0)


def _hide_more(table: Table, measure: str, place: int, widths: Widths, name: str) -> None:
    """Hide what the cheapest changes touch that move one number far enough, up and down."""
    down, up = widths
    near = _find_near(table, place)
    for distance in (float(up[place]), -float(down[place])):
        if distance:
            parts, territories = _cheapest(table, measure, place, distance, near, name)
            table.part_shown[parts] = False
            table.territory_shown[territories] = False


def _cheapest(
    table: Table, measure: str, place: int, distance: float, near: Places, name: str
) -> tuple[Places, Places]:
    """The parts and territories that the change touches: of parts *near*, else of any."""
    for parts in (near, np.arange(len(table.parts))):
        if (found := _change(table, measure, place, distance, parts)) is not None:
            return found
    problem, hint = "nothing can hide one of its cells", "publish it from a higher level"
    raise PromiseError(f"catalog/indicators/{name}.yml", problem, hint)


def _change(
    table: Table, measure: str, place: int, distance: float, near: Places
) -> tuple[Places, Places] | None:
    """What the cheapest change of the parts *near* touches; None if there is none."""
    values = table.measures[measure]
    member = table.member[:, near]
    touched = np.flatnonzero(np.diff(member.indptr))
    member = member[touched]
    cells, rows = len(near), len(touched)
    cost = np.concatenate([_costs(table.part_cost, table.part_shown)[near]] * 2)
    over = np.concatenate([_costs(table.territory_cost, table.territory_shown)[touched]] * 2)
    identity = sparse.identity(rows)
    ties = sparse.hstack([member, -member, -identity, identity])
    goal = _goal(table, place, near)
    moved = sparse.csr_matrix(np.concatenate([goal, -goal, np.zeros(2 * rows)]))
    bounds = [(0, None)] * cells + [(0, each) for each in values[near]] + [(0, None)] * (2 * rows)
    found = linprog(
        np.concatenate([cost, over]),
        A_eq=sparse.vstack([ties, moved]),
        b_eq=np.concatenate([np.zeros(rows), [distance]]),
        bounds=bounds,
        method="highs",
    )
    if found.x is None:
        return None
    parts = found.x[:cells] + found.x[cells : 2 * cells]
    territories = found.x[2 * cells : 2 * cells + rows] + found.x[2 * cells + rows :]
    return near[parts > CLOSE], touched[territories > CLOSE]


def _costs(inhabitants: Numbers, shown: Flags) -> Numbers:
    return np.where(shown, inhabitants + 1, HIDDEN_COST)


def _find_near(table: Table, place: int) -> Places:
    """The parts that share a territory with the cell, or with one that does; the largest apart."""
    reached = _goal(table, place, np.arange(len(table.parts)))
    sizes = np.diff(table.member.indptr)
    small = table.member[np.flatnonzero(sizes <= np.median(sizes) * 50)]
    for _ in range(2):
        holders = np.asarray(small @ reached > 0, dtype=float)
        reached = reached + np.asarray(small.T @ holders)
    return np.flatnonzero(reached)


def _goal(table: Table, place: int, near: Places) -> Numbers:
    """1 for each part (of *near*) that the cell is made of."""
    if place < len(table.parts):
        return np.asarray(near == place, dtype=float)
    return np.asarray(table.member[place - len(table.parts), near].toarray().ravel())
