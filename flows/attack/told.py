"""Told: what one or two releases tell of some indicators in a period, as numbers of communes and
totals of territories."""

from dataclasses import dataclass, field

import duckdb
import numpy as np
from scipy import sparse

from flows.steps.disclose.table import CLOSE, Flags, Numbers
from flows.warehouse import set_variable, shared_sql

Column = tuple[str, str]  # an indicator, and `numerator` or `denominator`
HIDDEN = "Q"
BEFORE = " before"  # of a territory, as the release before it had it


@dataclass(frozen=True)
class Found:
    """A hidden cell, between which values it lies, and the way in which that is known."""

    indicator: str
    territory_id: str
    period: str
    way: str
    low: float
    high: float
    is_door: bool = False


@dataclass
class Told:
    """The cells of a period: `numbers` of the places, NaN where they are not told.

    Places are the communes, then the territories of this release, then those of the one before.
    `hidden` are the places of each indicator that are not to be known. `same` are columns that hold
    the same numbers.
    """

    period: str
    places: list[str]
    member: sparse.csr_matrix  # territories by communes
    numbers: dict[Column, Numbers] = field(default_factory=dict)
    hidden: dict[str, Flags] = field(default_factory=dict)
    same: list[tuple[Column, Column]] = field(default_factory=list)

    @property
    def communes(self) -> int:
        """How many of the places are communes."""
        return int(self.member.shape[1])


def read_told(
    con: duckdb.DuckDBPyConnection, names: list[str], period: str, has_earlier: bool
) -> Told:
    """What is told in *period* of the indicators *names*, and of those that share their counts."""
    set_variable(con, "period", period)
    con.execute("create or replace temp table attacked (indicator varchar)")
    con.executemany("insert into attacked values (?)", [[name] for name in names])
    pairs = con.execute(shared_sql("attack_same")).fetchall()
    same = [((row[0], row[1]), (row[2], row[3])) for row in pairs]
    told = _lay_out(con, period, has_earlier)
    told.same = same
    every = sorted({*names, *(column[0] for pair in same for column in pair)})
    for name in every:
        _read_cells(con, told, name, name in names, has_earlier)
    return told


def _lay_out(con: duckdb.DuckDBPyConnection, period: str, has_earlier: bool) -> Told:
    rows = _members(con)
    communes = sorted({part for _, part in rows})
    if has_earlier:
        rows += _members_before(con, set(communes))
    place = {name: number for number, name in enumerate(communes)}
    names = list(dict.fromkeys(row[0] for row in rows))
    number = {name: index for index, name in enumerate(names)}
    at = [number[row[0]] for row in rows], [place[row[1]] for row in rows]
    shape = (len(names), len(communes))
    member = sparse.csr_matrix((np.ones(len(rows)), at), shape=shape)
    member.data[:] = 1  # two communes of the map before may be one of today
    return Told(period, communes + names, member)


def _members(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    rows = con.execute(shared_sql("attack_members")).fetchall()
    if con.execute("select 1 from duckdb_databases() where database_name = 'home'").fetchall():
        zones = con.execute(shared_sql("attack_zones")).fetchall()
        communes = {row[1] for row in rows}
        rows += [row for row in zones if row[1] in communes]
    return rows


def _members_before(con: duckdb.DuckDBPyConnection, communes: set[str]) -> list[tuple[str, str]]:
    """The territories of the release before, in communes of today; marked, as they may differ."""
    con.execute(shared_sql("members_before"))
    query = "from members_before('earlier.territories', 'main.territories') order by all"
    rows = con.execute(query).fetchall()
    whole = {row[0] for row in rows} - {row[0] for row in rows if row[1] not in communes}
    return [(row[0] + BEFORE, row[1]) for row in rows if row[0] in whole]


def _read_cells(
    con: duckdb.DuckDBPyConnection, told: Told, name: str, is_secret: bool, has_earlier: bool
) -> None:
    set_variable(con, "indicator", name)
    today, hidden = _read_side(con, told, "attack_cells", "")
    if has_earlier:
        before, hidden_before = _read_side(con, told, "attack_cells_before", BEFORE)
        hidden |= hidden_before
        for column, numbers in today.items():
            _add_before(told, numbers, before[column])
    for column, numbers in today.items():
        if not np.isnan(numbers).all():
            told.numbers[name, column] = numbers
    if is_secret:
        told.hidden[name] = hidden


def _read_side(
    con: duckdb.DuckDBPyConnection, told: Told, query: str, mark: str
) -> tuple[dict[str, Numbers], Flags]:
    """The numbers that a release tells, by place, and which of the places it hides."""
    place = {each: number for number, each in enumerate(told.places)}
    numbers = {each: np.full(len(told.places), np.nan) for each in ("numerator", "denominator")}
    hidden = np.zeros(len(told.places), dtype=bool)
    has_communes = False
    for cell, *values, status, coverage in con.execute(shared_sql(query)).fetchall():
        at = place.get(cell + mark, place.get(cell))
        if at is None:
            continue
        has_communes |= at < told.communes
        hidden[at] |= status == HIDDEN
        for column, value in zip(numbers, values, strict=True):
            if value is not None:
                numbers[column][at] = value
            elif status == "O" and coverage == 0 and at < told.communes:
                numbers[column][at] = 0  # no data: it adds nothing to any total
    if not has_communes:
        hidden[: told.communes] = True  # what is given from a higher level on
    return numbers, hidden


def _add_before(told: Told, numbers: Numbers, before: Numbers) -> None:
    """Fill in what the release before told, unless the numbers were revised since."""
    stays = np.array([not name.endswith(BEFORE) for name in told.places])
    both = stays & ~np.isnan(numbers) & ~np.isnan(before)
    if (np.abs(numbers[both] - before[both]) <= CLOSE).all():
        missing = np.isnan(numbers)
        numbers[missing] = before[missing]
