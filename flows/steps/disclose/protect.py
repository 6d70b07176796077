"""Protect: which more cells to hide, so that those hidden first cannot be computed.

For each cell that may be computed, the least costly change of all numbers that keeps every total
that is shown, and moves the cell far enough: what such a change touches is hidden too. It is the
linear program of Robertson (Statistics Canada's CONFID) and of "Handbook on Statistical Disclosure
Control" (Hundepool et al., 2010), chapter 4.4. Costs are inhabitants, which hardly change from one
release to the next, so that what is hidden hardly changes either.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from flows.errors import PromiseError
from flows.steps.disclose.attack import Targets, carry_bounds, find_unsafe
from flows.steps.disclose.table import (
    CLOSE,
    Flags,
    Numbers,
    Places,
    Table,
    Unknowns,
    find_unknowns,
)

PASSES = 20
PATIENCE = 4  # passes, before a territory is hidden whatever it costs
PERCENT = 10  # of a number: the width in which nobody may place it, on either side
Widths = tuple[Numbers, Numbers]  # below and above
HIDDEN_COST = 1e-3  # of a cell that is hidden already: not nothing, to touch few of these too
HINT = "publish it from a higher level"
NEAR = (4, 50)  # times the middle size of territories: those through which neighbours are found


def protect(table: Table, name: str) -> list[str]:
    """Hide parts and territories of *table* until no number under secrecy can be placed.

    Gives those that can be placed all the same, by who has what an older release told: nothing can
    undo that. Raises PromiseError, which names *name*, when hiding does not help.
    """
    table.part_shown &= ~table.part_primary
    table.territory_shown &= ~table.territory_primary
    asked = np.flatnonzero(np.concatenate([table.part_primary, table.territory_primary]))
    today = replace(table, part_told=None, territory_told=None)
    if len(_settle(today, asked, name)):
        problem = "nothing can hide one of its cells"
        raise PromiseError(f"catalog/indicators/{name}.yml", problem, HINT)
    known = np.concatenate([table.part_known, table.territory_known])
    if known.sum() == table.part_shown.sum() + table.territory_shown.sum():
        return []
    lost = np.concatenate([asked[known[asked]], _settle(table, asked[~known[asked]], name)])
    cells = [*table.parts, *table.territories]
    return [cells[place] for place in np.sort(lost)]


def _settle(table: Table, asked: Places, name: str) -> Places:
    """Hide what keeps the numbers at the places *asked*; those that nothing keeps."""
    lost: set[int] = set()
    # One measure after the other, since what hides one often hides the next, and shares before what
    # they are within; and to hide more tells nothing more: what was safe stays so.
    for measure in sorted(table.measures, key=lambda each: each not in table.shares):
        places = find_open(table, measure, asked)
        for number in range(PASSES):
            if not len(places):
                break
            widths = find_widths(table, measure)
            lost |= {p for p in places.tolist() if not _hide_more(table, measure, p, widths)}
            if number >= PATIENCE:
                _hide_above(table, places)
            places = find_open(table, measure, places[~np.isin(places, list(lost))])
        else:
            problem = f"numbers under secrecy can be computed from what is shown ({measure})"
            raise PromiseError(f"catalog/indicators/{name}.yml", problem, HINT)
    return np.array(sorted(lost), dtype=np.int64)


def _hide_above(table: Table, places: Places) -> None:
    """Hide the least territory that is shown above each of *places*."""
    for place in places.tolist():
        holders = np.asarray(table.member @ _goal(table, place) > 0).ravel() & table.territory_shown
        if holders.any():
            cost = np.where(holders, table.territory_cost, np.inf)
            table.territory_shown[int(np.argmin(cost))] = False


def find_open(table: Table, measure: str, places: Places) -> Places:
    """Which of *places*, of primary cells, a reader can place too closely."""
    if not len(places):
        return places
    unknowns = tighten(table, measure)
    down, up = find_widths(table, measure)
    values = np.concatenate([table.measures[measure], table.totals(measure)])
    is_part = places < len(table.parts)
    classes = unknowns.class_of[places[is_part]]
    others = _others(table, measure, unknowns)
    low = (values - down)[places[is_part]] + others[places[is_part]]
    own = _ask_classes(unknowns, classes, low, (values + up)[places[is_part]])
    rank = np.cumsum(~table.territory_shown) - 1  # of each hidden territory among these
    larger = places[~is_part]
    forms = unknowns.forms[rank[larger - len(table.parts)]]
    # Of a territory, a reader knows the parts that are shown, and asks for the rest.
    rest = np.asarray(forms @ unknowns.truth).ravel()
    # All at once: what one program finds may clear a part and a territory.
    found = find_unsafe(
        unknowns,
        Targets(
            sparse.vstack([own.forms, forms]).tocsr(),
            np.concatenate([own.wanted_low, rest - down[larger]]),
            np.concatenate([own.wanted_high, rest + up[larger]]),
        ),
    )
    unsafe = np.zeros(len(places), dtype=bool)
    unsafe[is_part], unsafe[~is_part] = found[classes], found[len(unknowns.sizes) :]
    return places[unsafe]


def tighten(table: Table, measure: str) -> Unknowns:
    """What a reader knows of *measure*, also from its whole, and from what is within it."""
    unknowns = find_unknowns(table, measure)
    least, most = unknowns.least, unknowns.most
    if (whole := table.shares.get(measure)) in table.open_measures:
        most = find_unknowns(table, whole).truth
    elif whole:
        most = carry_bounds(find_unknowns(table, whole))[1]
    for share, each in table.shares.items():
        if each == measure and share in table.measures:
            least = np.maximum(least, carry_bounds(find_unknowns(table, share))[0])
    return replace(unknowns, least=np.minimum(least, unknowns.truth), most=most)


def _others(table: Table, measure: str, unknowns: Unknowns) -> Numbers:
    """For each part, what the others of its class can be at most together: it is the rest.

    Beside another whose whole nobody tells, a part may be all of the class or nothing of it.
    """
    whole = table.open_measures.get(table.shares.get(measure, ""))
    others = np.full(len(table.parts), np.inf)
    if whole is not None:
        others = unknowns.most[unknowns.class_of] - whole
    others[unknowns.sizes[unknowns.class_of] == 1] = 0
    return others


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
        whole = table.shares[measure]
        up = np.minimum(up, np.concatenate([table.numbers(whole), table.totals(whole)]) - values)
    return np.where(values > 0, np.minimum(width, values), 0), np.maximum(up, 0)


def _hide_more(table: Table, measure: str, place: int, widths: Widths) -> bool:
    """Hide what the cheapest changes touch that move one number far enough; False if none does."""
    down, up = widths
    most = _find_most(table, measure)
    for distance in (float(up[place]), -float(down[place])):
        if distance:
            change = _cheapest(table, measure, place, distance, most)
            if change is None:
                return False
            table.part_shown[change.parts] = False
            table.territory_shown[change.territories] = False
    return True


def _find_most(table: Table, measure: str) -> Numbers:
    """For each part, how great it may be made."""
    whole = table.shares.get(measure)
    return np.full(len(table.parts), np.inf) if whole is None else table.numbers(whole)


def _find_least(table: Table, measure: str) -> Numbers:
    """For each part that is shown, what is within it, and may still be known once it is hidden."""
    least = np.zeros(len(table.parts))
    for share, whole in table.shares.items():
        if whole == measure and share in table.measures:
            least = np.maximum(least, table.measures[share])
    return np.where(table.part_shown, least, 0)


@dataclass(frozen=True)
class Change:
    """What a change of the numbers touches, and its cost."""

    parts: Places
    territories: Places
    cost: float


def _cheapest(
    table: Table, measure: str, place: int, distance: float, most: Numbers
) -> Change | None:
    """The cheapest change of the parts near the place; of others only where it hides less."""
    best = None
    for nearness in NEAR:
        near = _find_near(table, place, nearness)
        found = _change(table, measure, place, distance, near, most)
        if found and not table.territory_shown[found.territories].any():
            return found
        best = min(filter(None, (best, found)), key=lambda each: each.cost, default=None)
    everywhere = np.arange(len(table.parts))
    return best or _change(table, measure, place, distance, everywhere, most)


def _change(
    table: Table, measure: str, place: int, distance: float, near: Places, most: Numbers
) -> Change | None:
    """What the cheapest change of the parts *near* touches; None if there is none.

    Parts that are hidden and stand in the same territories move as one.
    """
    near = near[~(table.part_known & ~table.part_shown)[near]]  # what is known moves no more
    values, goal = table.measures[measure], _goal(table, place)
    # One column a part that is shown, or that is asked; one for all others of a class.
    alone = table.part_shown[near] | (near == place)
    keys = np.where(alone, -1 - near, table.alike[near])
    _, first, column = np.unique(keys, return_index=True, return_inverse=True)
    cells = len(first)
    low, high = (
        np.bincount(column, weights=each[near], minlength=cells) for each in (values, most - values)
    )
    goals = goal[near][first]
    member = table.by_part[near[first]].T.tocsr()
    touched = np.flatnonzero(np.diff(member.indptr))
    member, rows = member[touched], len(touched)
    cost = _costs(table.part_cost, table.part_shown)[near[first]]
    over = _costs(table.territory_cost, table.territory_shown)[touched]
    is_fixed = (table.territory_known & ~table.territory_shown)[touched]
    end = np.where(is_fixed, 0.0, np.inf)
    found = linprog(
        np.concatenate([cost, cost, over, over]),
        A_eq=_tie(member, goals),
        b_eq=np.concatenate([np.zeros(rows), [distance]]),
        bounds=np.column_stack(
            [np.zeros(2 * (cells + rows)), np.concatenate([high, low, end, end])]
        ),
        method="highs",
    )
    if found.x is None:
        return None
    by = found.x > CLOSE
    parts = by[:cells] | by[cells : 2 * cells]
    territories = by[2 * cells : 2 * cells + rows] | by[2 * cells + rows :]
    return Change(near[first][parts & alone[first]], touched[territories], float(found.fun))


def _tie(member: sparse.csr_matrix, goals: Numbers) -> sparse.csr_matrix:
    """What each territory changes by is what its parts do; what the goal does, comes last.

    The columns are the parts up, down, the territories up, down.
    """
    rows, cells = member.shape
    entries, asked = member.tocoo(), np.flatnonzero(goals)
    every, ones, last = np.arange(rows), np.ones(rows), np.full(len(asked), rows)
    row = np.concatenate([entries.row, entries.row, every, every, last, last])
    over = every + 2 * cells
    column = np.concatenate(
        [entries.col, entries.col + cells, over, over + rows, asked, asked + cells]
    )
    data = np.concatenate([entries.data, -entries.data, -ones, ones, goals[asked], -goals[asked]])
    return sparse.csr_matrix((data, (row, column)), shape=(rows + 1, 2 * (cells + rows)))


def _costs(inhabitants: Numbers, shown: Flags) -> Numbers:
    return np.where(shown, inhabitants + 1, HIDDEN_COST)


def _find_near(table: Table, place: int, times: int) -> Places:
    """The parts that share a territory with the cell, or with one that does; the largest apart."""
    reached = _goal(table, place)
    is_small = table.sizes <= np.median(table.sizes) * times
    for _ in range(2):
        holders = np.asarray(table.member @ reached > 0) & is_small
        reached = reached + np.asarray(table.by_part @ holders.astype(float))
    return np.flatnonzero(reached)


def _goal(table: Table, place: int) -> Numbers:
    """1 for each part that the cell is made of."""
    if place < len(table.parts):
        goal = np.zeros(len(table.parts))
        goal[place] = 1
        return goal
    return np.asarray(table.member[place - len(table.parts)].toarray().ravel())
