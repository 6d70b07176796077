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
from flows.steps.disclose.protect import find_open, find_widths, protect
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
        {"women"} if women is not None else set(),
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


@settings(max_examples=60, deadline=None)
@given(tables(), st.booleans())
def test_no_number_under_secrecy_can_be_computed(told, published):
    units, territories, women = told
    table = make_table(units, territories, women=women, published=published)
    protect(table, "x")
    for measure, cell in itertools.product(table.measures, primary(table)):
        assert not is_open(table, measure, cell)


@settings(max_examples=60, deadline=None)
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


@settings(max_examples=30, deadline=None)
@given(tables(), st.randoms(use_true_random=False))
def test_the_order_of_territories_does_not_matter_for_what_is_kept(told, random):
    units, territories, women = told
    assume(len(territories) > 1)
    shuffled = territories.copy()
    random.shuffle(shuffled)
    one, other = (make_table(units, each, women=women) for each in (territories, shuffled))
    protect(one, "x")
    protect(other, "x")
    for table in (one, other):
        assert not any(is_open(table, "units", cell) for cell in primary(table))
