"""Table: the cells of indicators that are hidden together, and what adds up to what.

The unknowns of someone who reads what is published are the parts (communes, mostly); every
territory that is published is one equation over its parts, whatever its level.
"""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import sparse

Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
SEED = 35238
CLOSE = 1e-6


@dataclass
class Table:
    """The numbers of one period, of indicators that share counts.

    `member` is 1 where a part (column) is added up in a territory (row). `measures` hold the parts'
    numbers that must not be told, by name; `open_measures` those that other indicators tell. The
    flags of parts and of territories say what is shown, what is published at all (a part that is
    not has no cell, but is a number of somebody), and what may not be told since too few units
    stand behind it. `shares` names the measure that each part of another is within. What an older
    release told of the very same numbers is known to readers, shown today or not; so are totals
    that it told on another map, which are rows after those of `territories`. Costs are in
    inhabitants.
    """

    parts: list[str]
    territories: list[str]
    member: sparse.csr_matrix
    measures: dict[str, Numbers]
    part_cost: Numbers
    territory_cost: Numbers
    part_shown: Flags
    territory_shown: Flags
    part_primary: Flags
    territory_primary: Flags
    part_published: Flags
    shares: dict[str, str] = field(default_factory=dict)
    open_measures: dict[str, Numbers] = field(default_factory=dict)
    part_told: Flags | None = None
    territory_told: Flags | None = None

    @property
    def part_known(self) -> Flags:
        """The parts whose numbers a reader has."""
        return self.part_shown if self.part_told is None else self.part_shown | self.part_told

    @property
    def territory_known(self) -> Flags:
        """The territories whose numbers a reader has."""
        told = self.territory_told
        return self.territory_shown if told is None else self.territory_shown | told

    @cached_property
    def alike(self) -> Places:
        """For each part a number, which is the same for parts in the same territories."""
        return find_classes(self.member)[1]

    @cached_property
    def sizes(self) -> Places:
        """How many parts each territory adds up."""
        return np.asarray(np.diff(self.member.indptr))

    @cached_property
    def by_part(self) -> sparse.csr_matrix:
        """`member`, turned: the territories of each part."""
        return self.member.T.tocsr()

    def totals(self, measure: str) -> Numbers:
        """What each territory adds up to."""
        return np.asarray(self.member @ self.numbers(measure)).ravel()

    def numbers(self, measure: str) -> Numbers:
        """Those of the parts, whether they must be kept or not."""
        return self.measures[measure] if measure in self.measures else self.open_measures[measure]

    def hidden(self) -> list[str]:
        """The published cells that are not shown."""
        parts = np.flatnonzero(self.part_published & ~self.part_shown)
        territories = np.flatnonzero(~self.territory_shown[: len(self.territories)])
        return [self.parts[i] for i in parts] + [self.territories[i] for i in territories]


@dataclass(frozen=True)
class Unknowns:
    """What a reader does not know, and what he knows of it.

    Parts that stand in the same territories cannot be told apart: they are one class, and only its
    sum is met by equations (`equations` @ classes = `totals`), between `least` and `most`, and a
    whole number if `is_whole`. `class_of` is −1 for parts that are known. `truth` is one solution,
    from which others are looked for. Totals may be off by `tolerance`.
    """

    class_of: Places
    sizes: Places
    equations: sparse.csr_matrix
    totals: Numbers
    forms: sparse.csr_matrix  # territories that are hidden, in classes
    least: Numbers
    most: Numbers
    is_whole: bool
    truth: Numbers
    tolerance: float = 0


def find_unknowns(table: Table, measure: str) -> Unknowns:
    """The system of equations that a reader of the published cells can write down."""
    values = table.numbers(measure)
    unknown = np.flatnonzero(~table.part_known)
    representatives, inverse, sizes = find_classes(table.member[:, unknown])
    class_of = np.full(len(table.parts), -1)
    class_of[unknown] = inverse
    columns = unknown[representatives]
    rows = table.member[:, columns].tocsr()
    known = np.where(table.part_known, values, 0.0)
    told = table.totals(measure) - np.asarray(table.member @ known).ravel()
    used = table.territory_known & (np.diff(rows.indptr) > 0)
    return Unknowns(
        class_of,
        sizes,
        rows[used].tocsr(),
        told[used],
        rows[~table.territory_shown].tocsr(),
        np.zeros(len(sizes)),
        np.full(len(sizes), np.inf),
        bool((np.abs(values - np.round(values)) <= CLOSE).all()),
        np.bincount(inverse, weights=values[unknown], minlength=len(sizes)).astype(float),
    )


def find_classes(member: sparse.csr_matrix) -> tuple[Places, Places, Places]:
    """Parts (columns) in the same territories: one of each class, the class of each part, sizes."""
    keys = _sign(member)
    _, first, inverse, sizes = np.unique(
        keys, return_index=True, return_inverse=True, return_counts=True
    )
    return first, inverse, sizes


def _sign(member: sparse.csr_matrix) -> npt.NDArray[np.uint64]:
    """A number for each column, which is the same for columns with the same rows."""
    drawn = np.random.default_rng(SEED).integers(0, 2**63, member.shape[0], dtype=np.uint64)
    entries = member.tocsc()
    signed = np.zeros(member.shape[1], dtype=np.uint64)
    columns = np.repeat(np.arange(member.shape[1]), np.diff(entries.indptr))
    np.add.at(signed, columns, drawn[entries.indices])
    return signed
