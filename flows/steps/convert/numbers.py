"""Numbers: how the cells of a column are written, found by trying, and what they are in SQL."""

from dataclasses import dataclass

import duckdb

from flows.errors import SourceError

DIGITS = 20  # of a cell; with the 18 of a share, a product has the 38 that a DECIMAL may have
FAST_DIGITS = 18  # DuckDB reads a longer DECIMAL fifty times slower
CELL = r"[+-]?(\d+{0}?\d*|{0}\d+)([eE][+-]?\d{{1,2}})?"
FACTS = """
    select
        count(*),
        count(*) filter (where is_number),
        coalesce(max(case when is_plain then {after} else {after_power} end), 0),
        coalesce(max(case when is_plain then {before} else {before_power} end), 1),
        min(cell) filter (where not is_number)
    from (
        select
            cell,
            regexp_full_match(cell, '[+-]?[0-9]+([{mark}][0-9]*)?') as is_plain,
            case when is_plain then true else regexp_full_match(cell, '{pattern}') end as is_number
        from (select {cell} as cell from file_rows) where cell is not null
    )
"""
AFTER = "case when contains({0}, '{1}') then length({0}) - strpos({0}, '{1}') else 0 end"
BEFORE = "case when contains({0}, '{1}') then strpos({0}, '{1}') - 1 else length({0}) end"
MANTISSA = "regexp_extract(cell, '^[^eE]*')"
POWER = "coalesce(try_cast(regexp_extract(cell, '[eE]([+-]?[0-9]+)$', 1) as integer), 0)"


@dataclass(frozen=True)
class Number:
    """The column t<place>, written with `mark`; `is_rounded` where it has more than DIGITS."""

    place: int
    mark: str
    digits: int
    decimals: int
    is_rounded: bool
    nulls: tuple[str, ...]

    @property
    def sql(self) -> str:
        """The cell as an exact DECIMAL, or null."""
        cell = cell_sql(self.place, self.nulls)
        plain = cell if self.mark == "." else f"replace({cell}, '{self.mark}', '.')"
        fast = f"cast({plain} as decimal({self.digits}, {self.decimals}))"
        # Two of 18 digits would be multiplied as one of 18, and overflow.
        return f"cast({fast} as decimal({DIGITS}, {self.decimals}))"


def cell_sql(place: int, nulls: tuple[str, ...]) -> str:
    """The cell without blanks around it, null where it is empty or one of *nulls*."""
    cell = f"nullif(trim(t{place}), '')"
    for told in nulls:
        cell = f"nullif({cell}, '{told.replace(chr(39), chr(39) * 2)}')"
    return cell


def read_number(
    con: duckdb.DuckDBPyConnection,
    name: str,
    place: int,
    decimal: str | None,
    nulls: tuple[str, ...],
) -> Number:
    """How the column *name*, t<place> of file_rows, is written; every cell must be read.

    *decimal* is the mark if it is known. Raises SourceError at a cell that is no number.
    """
    most, odd = -1, ""
    for mark in [decimal] if decimal else [".", ","]:
        cells, fitting, decimals, whole, first = _try_mark(con, place, mark, nulls)
        if cells == fitting:
            return _make_number(name, place, mark, nulls, decimals, whole)
        if fitting > most:
            most, odd = fitting, first
    hint = "mend it, tell the decimal mark with --decimal, or what means no value with --null"
    raise SourceError(f"column {name}", f"'{odd}' is not written as the other numbers", hint)


def _make_number(
    name: str, place: int, mark: str, nulls: tuple[str, ...], decimals: int, whole: int
) -> Number:
    if whole > DIGITS:
        raise SourceError(f"column {name}", f"has numbers of more than {DIGITS} digits", "drop it")
    kept = min(decimals, DIGITS - whole)
    digits = FAST_DIGITS if whole + kept <= FAST_DIGITS else DIGITS
    return Number(place, mark, digits, kept, kept < decimals, nulls)


def _try_mark(
    con: duckdb.DuckDBPyConnection, place: int, mark: str, nulls: tuple[str, ...]
) -> tuple[int, int, int, int, str]:
    """Cells, those that are numbers with *mark*, digits after and before it, one that is none.

    A sign counts as a digit.
    """
    query = FACTS.format(
        cell=cell_sql(place, nulls),
        mark=mark,
        pattern=CELL.format(f"[{mark}]"),
        after=AFTER.format("cell", mark),
        before=BEFORE.format("cell", mark),
        after_power=f"greatest({AFTER.format(MANTISSA, mark)} - {POWER}, 0)",
        before_power=f"{BEFORE.format(MANTISSA, mark)} + greatest({POWER}, 0)",
    )
    found: tuple[int, int, int, int, str] = con.execute(query).fetchall()[0]
    return found
