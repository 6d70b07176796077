"""Plan: what each column of a file is, and between which maps its rows are carried."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from flows.errors import SourceError

Policy = Literal["same", "largest", "list"]
Missing = Literal["null", "ignore"]
UNDECLARED = (
    "declare each: --count (added up), --ratio NAME=NUM/DEN (divided last; a rate has to be given"
    " as its parts), --class (a category), --group (part of the key), or --drop"
)


@dataclass(frozen=True)
class Ratio:
    """`name` is the sum of the column `numerator` over that of `denominator`."""

    name: str
    numerator: str
    denominator: str


@dataclass(frozen=True)
class Plan:
    """`column` holds the codes; every other column stands in at least one of the others.

    `from_vintage` is the map of all rows, or None where `vintage_column` tells it. Classes have a
    policy for parts that differ: `same` (none), `largest` (that of the part with most residents),
    `list` (all). `missing`: whether a missing part makes a sum null, or counts for nothing.
    """

    column: str
    to_vintage: int
    from_vintage: int | None = None
    vintage_column: str | None = None
    counts: tuple[str, ...] = ()
    ratios: tuple[Ratio, ...] = ()
    classes: tuple[tuple[str, Policy], ...] = ()
    groups: tuple[str, ...] = ()
    drops: tuple[str, ...] = ()
    missing: Missing = "null"
    decimal: str | None = None
    nulls: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns that are kept apart: the groups, and the years if they are not dropped."""
        year = self.vintage_column
        is_kept = year is not None and year not in (*self.groups, *self.drops)
        return (*self.groups, *([year] if is_kept and year else []))

    @property
    def numbers(self) -> list[str]:
        """The columns that hold numbers: counts, and the two parts of each ratio."""
        parts = [name for ratio in self.ratios for name in (ratio.numerator, ratio.denominator)]
        return list(dict.fromkeys([*self.counts, *parts]))

    @property
    def used(self) -> list[str]:
        """The columns that have to be read, the codes first."""
        year = [self.vintage_column] if self.vintage_column else []
        classes = [name for name, _ in self.classes]
        return list(dict.fromkeys([self.column, *year, *self.groups, *self.numbers, *classes]))


def check_plan(plan: Plan, labels: list[str], name: str) -> None:
    """Raise SourceError unless each of the columns *labels* of the file *name* has one role."""
    declared = [*plan.used, *plan.drops]
    if unknown := sorted(set(declared) - set(labels)):
        hint = f"its columns: {', '.join(labels)}"
        raise SourceError(name, f"has no column {', '.join(unknown)}", hint)
    if undeclared := [label for label in labels if label not in declared]:
        raise SourceError(name, f"columns are not declared: {', '.join(undeclared)}", UNDECLARED)
    classes = [column for column, _ in plan.classes]
    roles = [[plan.column], plan.numbers, classes, plan.keys, plan.drops]
    if twice := _find_twice(roles):
        hint = "a column is either code, number, class, group or dropped"
        raise SourceError(name, f"declared in two ways: {', '.join(twice)}", hint)
    _refuse_same_output(plan, name)


def _refuse_same_output(plan: Plan, name: str) -> None:
    ratios = [ratio.name for ratio in plan.ratios]
    classes = [column for column, _ in plan.classes]
    if twice := _find_twice(
        [[plan.column], plan.keys, plan.counts, classes, *([r] for r in ratios)]
    ):
        problem = f"two columns of the result would be named {', '.join(twice)}"
        raise SourceError(name, problem, "name the ratio otherwise")


def _find_twice(roles: Iterable[Iterable[str]]) -> list[str]:
    """The names that stand in more than one of *roles*."""
    told = [name for role in roles for name in dict.fromkeys(role)]
    return sorted({name for name in told if told.count(name) > 1})
