"""Secrecy: what is hidden cannot be computed from what is shown."""

import itertools

import duckdb
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.optimize import linprog

from flows.steps.disclose import find_groups
from flows.steps.disclose.attack import carry_bounds, find_components
from flows.steps.disclose.protect import find_open, find_widths, protect, tighten
from flows.steps.disclose.read import is_under
from flows.steps.disclose.table import Table
from flows.warehouse import shared_sql

CLOSE = 1e-5


def make_table(units, territories, least=3, costs=None, published=True, women=None):
    """Parts 0, 1, 2 … with their *units*; *territories* are lists of parts, all shown."""
    member = np.zeros((len(territories), len(units)))
    for row, parts in enumerate(territories):
        member[row, parts] = 1
    units = np.asarray(units, dtype=float)
    sums = member @ units
    measures = {"units": units} | ({} if women is None else {"women": np.asarray(women, float)})
    cost = np.asarray(costs if costs is not None else units * 10, dtype=float)
    flag = np.full(len(units), published)
    return Table(
        [f"COM-{each}" for each in range(len(units))],
        [f"T-{each}" for each in range(len(territories))],
        sparse.csr_matrix(member),
        measures,
        cost,
        member @ cost,
        flag.copy(),
        np.ones(len(territories), dtype=bool),
        (units > 0) & (units < least),
        (sums > 0) & (sums < least),
        flag,
        {"women": "units"} if women is not None else {},
    )


def hide(*arguments, **options):
    table = make_table(*arguments, **options)
    protect(table, "x")
    return table.hidden()


@pytest.mark.parametrize(
    ("units", "territories", "hidden"),
    [
        # Nobody, or enough: nothing is hidden.
        ([0, 3, 5], [[0, 1, 2]], []),
        # One alone is known from the total: the cheapest other part is hidden with it.
        ([1, 5, 9], [[0, 1, 2]], ["COM-0", "COM-1"]),
        # What moves must be large enough: a part of nobody hides nothing.
        ([2, 0, 9], [[0, 1, 2]], ["COM-0", "COM-2"]),
        # Two that are both too small hide each other.
        ([2, 2, 9], [[0, 1, 2]], ["COM-0", "COM-1"]),
        # Two totals, each with one of them: a square has to be hidden.
        ([1, 8, 9, 8, 9, 9], [[0, 1, 2], [3, 4, 5], [0, 3], [1, 4], [2, 5]],
         ["COM-0", "COM-1", "COM-3", "COM-4"]),
        # Without a total above, to hide one is enough.
        ([1, 8], [[1]], ["COM-0"]),
        # An EPCI over two départements: what is left of one département would tell its only part.
        ([1, 50, 60, 70], [[0, 1], [2, 3], [0, 1, 2, 3]], ["COM-0", "COM-1"]),
    ],
)  # fmt: skip
def test_what_is_hidden(units, territories, hidden):
    assert hide(units, territories) == hidden


def test_a_small_territory_is_hidden_with_its_parts_and_another_territory():
    # T-0 has two firms in all, and T-2 is the total of T-0 and T-1: to hide T-2 (92 firms) costs
    # less than T-1 (90) with one of its parts (40).
    hidden = hide([1, 1, 40, 50], [[0, 1], [2, 3], [0, 1, 2, 3]])
    assert hidden == ["COM-0", "COM-1", "T-0", "T-2"]


def test_parts_that_are_not_published_are_kept_too():
    # One mayor a commune, given from the EPCI on: T-1 less T-0 would be the mayor of commune 2.
    table = make_table([1, 1, 1], [[0, 1], [0, 1, 2]], least=2, published=False, women=[1, 0, 1])
    protect(table, "x")
    assert table.hidden() in (["T-0"], ["T-1"])


def test_a_share_of_nobody_is_told_and_one_of_all_is_within_its_whole():
    table = make_table([1, 1, 5], [[0, 1, 2]], women=[0, 1, 2])
    down, up = find_widths(table, "women")
    assert list(down) == [0, 1, 1, 1]
    assert list(up) == [0, 0, 1, 1]


def test_where_there_is_one_part_its_total_is_hidden_too():
    assert hide([1, 0, 0], [[0, 1, 2]]) == ["COM-0", "T-0"]


def test_one_that_makes_up_most_of_a_number_is_hidden():
    units, largest, total = (
        np.array(each, float) for each in ([5, 5, 2, 0], [86, 85, 1, 0], [100, 100, 9, 0])
    )
    assert list(is_under(units, largest, total, 3, 85)) == [True, False, True, False]


def groups_of(*rows):
    """Rows are indicator, whether it is under secrecy, and the counts of its one part."""
    con = duckdb.connect()
    con.execute(shared_sql("floors") + shared_sql("parts"))
    for name, is_secret, numerator, denominator in rows:
        con.execute(
            "insert into parts.rules (indicator, min_units) values (?, ?)",
            [name, 3 if is_secret else None],
        )
        con.execute(
            "insert into parts.observations (indicator, part_id, period, numerator, denominator)"
            " values (?, 'COM-1', '2026', ?, ?)",
            [name, numerator, denominator],
        )
    return find_groups(con)


def test_a_count_that_another_shows_is_known_and_no_denominator_is_no_count():
    assert groups_of(("a", True, 1, None), ("b", False, 2, None)) == [(["a"], "2026", set())]
    assert groups_of(("a", True, 1, 7), ("b", False, 7, None)) == [
        (["a"], "2026", {("a", "denominator")})
    ]


def test_indicators_that_share_a_count_are_hidden_together_through_a_third_too():
    found = groups_of(("a", True, 1, 2), ("b", True, 3, 4), ("c", True, 1, 4), ("d", True, 5, 6))
    assert [names for names, *_ in found] == [["b", "a", "c"], ["d"]]


# The laws, with a solver of its own


def place(table, measure, weights):
    """The least and greatest value of a sum of parts, by one linear program over all parts."""
    values = table.measures[measure]
    rows = [
        row
        for row, shown in zip(table.member.toarray(), table.territory_shown, strict=True)
        if shown
    ]
    rows += [np.eye(len(values))[each] for each in np.flatnonzero(table.part_shown)]
    bounds = [(0, None)] * len(values)
    equations = {"A_eq": np.array(rows), "b_eq": np.array(rows) @ values} if rows else {}
    found = [linprog(sign * weights, bounds=bounds, **equations) for sign in (1, -1)]
    return [sign * each.fun if each.status == 0 else sign * -np.inf
            for sign, each in zip((1, -1), found, strict=True)]  # fmt: skip


def is_open(table, measure, cell):
    """Whether a primary cell can be placed more closely than it may be."""
    count = len(table.parts)
    values = np.concatenate([table.measures[measure], table.totals(measure)])
    weights = np.eye(count)[cell] if cell < count else table.member.toarray()[cell - count]
    down, up = find_widths(table, measure)
    low, high = place(table, measure, weights)
    return low > values[cell] - down[cell] + CLOSE or high < values[cell] + up[cell] - CLOSE


def primary(table):
    return np.flatnonzero(np.concatenate([table.part_primary, table.territory_primary]))


@st.composite
def tables(draw):
    """Up to eight parts in territories that nest or cross, and in the country."""
    count = draw(st.integers(2, 8))
    units = draw(st.lists(st.integers(0, 12), min_size=count, max_size=count))
    subsets = st.lists(st.integers(0, count - 1), min_size=1, max_size=count, unique=True)
    territories = draw(st.lists(subsets, min_size=0, max_size=5))
    women = [draw(st.integers(0, each)) for each in units]
    return units, [*territories, list(range(count))], women


@settings(max_examples=25, deadline=None)
@given(tables(), st.booleans())
def test_no_number_under_secrecy_can_be_computed(told, published):
    units, territories, women = told
    table = make_table(units, territories, women=women, published=published)
    protect(table, "x")
    for measure, cell in itertools.product(table.measures, primary(table)):
        assert not is_open(table, measure, cell)


@settings(max_examples=25, deadline=None)
@given(tables(), st.data())
def test_the_attack_finds_exactly_what_can_be_computed(told, data):
    units, territories, women = told
    table = make_table(units, territories, women=women)
    table.part_shown = np.array([data.draw(st.booleans()) for _ in units]) & ~table.part_primary
    table.territory_shown = (
        np.array([data.draw(st.booleans()) for _ in territories]) & ~table.territory_primary
    )
    for measure in table.measures:
        found = set(find_open(table, measure, primary(table)))
        expected = {cell for cell in primary(table) if is_open(table, measure, cell)}
        assert found >= expected
        # A part beside its likes may be all of them or none: the class is condemned as one.
        assert all(cell < len(units) for cell in found - expected)


@settings(max_examples=15, deadline=None)
@given(tables(), st.randoms(use_true_random=False))
def test_the_order_of_territories_does_not_matter_for_what_is_hidden(told, random):
    units, territories, women = told
    assume(len(territories) > 1)
    shuffled = territories.copy()
    random.shuffle(shuffled)
    # No two choices cost the same.
    costs = [10 * each + 2 ** -(place + 1) for place, each in enumerate(units)]
    hidden = []
    for each in (territories, shuffled):
        table = make_table(units, each, women=women, costs=costs)
        protect(table, "x")
        assert not any(is_open(table, "units", cell) for cell in primary(table))
        parts = {f"T-{row}": str(sorted(of)) for row, of in enumerate(each)}
        hidden.append(sorted(parts.get(cell, cell) for cell in table.hidden()))
    assert hidden[0] == hidden[1]


# What a reader knows beside the equations, and what an older release told


def published_shares(units, women, hidden):
    """Communes 0, 1 … in one EPCI, those *hidden* with their women; the units may be open."""
    table = make_table(units, [list(range(len(units)))], women=women)
    table.part_shown[hidden] = False
    return table


def test_a_part_is_no_greater_than_its_whole_and_counts_are_whole_numbers():
    # Women of communes 0 and 1 add up to 3. Their elected officials are told by another indicator,
    # 1 and 2: all of them are women, where by the total alone each could be 0 to 3.
    table = published_shares([1, 2, 5], [1, 2, 1], [0, 1])
    assert list(find_open(table, "women", np.array([0]))) == []
    table.open_measures["units"] = table.measures.pop("units")
    assert list(find_open(table, "women", np.array([0]))) == [0]


def test_the_women_of_a_class_are_the_least_of_its_units():
    # All communes are hidden, but T-1 tells that commune 0 has 2 women: so 2 units or more.
    table = make_table([2, 3, 4], [[0, 1, 2], [0]], women=[2, 1, 1])
    table.part_shown[:] = False
    table.territory_shown[:] = [True, False]
    unknowns = tighten(table, "units")
    assert unknowns.least.max() == 0
    table.territory_shown[1] = True
    unknowns = tighten(table, "units")
    assert sorted(unknowns.least.tolist()) == [2, 2]


def test_what_an_older_release_told_protects_nothing_and_is_named_where_it_tells_all():
    # Hidden today: 0, and 1 with it. Told before: 1, so that one more is hidden for its sake.
    table = make_table([1, 5, 9], [[0, 1, 2]])
    table.part_told = np.array([False, True, False])
    assert protect(table, "x") == []
    assert table.hidden() == ["COM-0", "COM-1", "COM-2"]
    # Commune 0 itself, and where nothing else is left to hide: named, while today's is kept.
    table = make_table([1, 5], [[0, 1]])
    table.part_told = np.array([True, False])
    assert protect(table, "x") == ["COM-0"]
    assert table.hidden() == ["COM-0", "COM-1"]
    table = make_table([1, 5], [[0, 1]])
    table.part_told = np.array([False, True])
    # Commune 1 was told, and its total must be hidden for the sake of the other.
    assert protect(table, "x") == []
    assert table.hidden() == ["COM-0", "COM-1", "T-0"]


# Figures that others have published


def crossed(rows, hidden):
    """A table of two dimensions with all its margins, of which the cells *hidden* are not shown."""
    count = len(rows[0])
    lines = [[r * count + c for c in range(count)] for r in range(len(rows))]
    columns = [[r * count + c for r in range(len(rows))] for c in range(count)]
    values = [value for row in rows for value in row]
    table = make_table(values, [*lines, *columns, list(range(len(values)))], least=0)
    table.part_shown[hidden] = False
    return table


def interval(table, cell):
    """The least and the greatest value of a part, as the attack sees them."""
    unknowns = tighten(table, "units")
    place = unknowns.class_of[cell]
    own = np.eye(len(unknowns.sizes))[place]
    low, high = carry_bounds(unknowns)
    if high[place] - low[place] <= CLOSE:
        return low[place], high[place]
    (part,) = (c for c in find_components(unknowns, low, high) if place in c.classes)
    return tuple(sign * (part.solve(sign * own[part.classes]) @ own[part.classes]) * sign
                 for sign in (-1, 1))  # fmt: skip


def test_the_bounds_that_sdctable_finds():
    # R package sdcTable, tests/testthat/test-simpleheuristic.R: each line and column has two hidden
    # cells or more, and w|b is 236 − 189 = 47 all the same; with x|b hidden too, it is 0 to 141.
    rows = [[30, 47, 64, 89], [90, 124, 5, 31], [92, 100, 59, 85], [800, 991, 651, 685]]
    hidden = [0, 1, 2, 4, 6, 9, 11, 13, 15]
    assert interval(crossed(rows, hidden), 1) == pytest.approx((47, 47))
    assert interval(crossed(rows, [*hidden, 5]), 1) == pytest.approx((0, 141))


def test_the_table_of_fischetti_and_salazar_is_protected_with_as_few_cells():
    # "Solving the Cell Suppression Problem on Tabular Data with Linear Constraints", Management
    # Science 47 (2001): the cell of 22 is protected by three others, 8, 17 and 12, of 37 in all.
    rows = [[20, 50, 10], [8, 19, 22], [17, 32, 12]]
    table = crossed(rows, [])
    table.part_cost = np.array([value for row in rows for value in row], float)
    table.territory_cost = table.totals("units")
    table.part_primary[5] = True
    protect(table, "x")
    hidden = [rows[place // 3][place % 3] for place in np.flatnonzero(~table.part_shown)]
    assert sum(hidden) <= 8 + 17 + 12 + 22
    assert len(hidden) == 4
    assert table.territory_shown.all()
