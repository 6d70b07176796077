"""Numbers: how the cells of a column are written, found by trying, and what they are in SQL."""

from dataclasses import dataclass

import duckdb

from flows.errors import SourceError

DIGITS = 20  # of a cell; with the 18 of a share, a product has the 38 that a DECIMAL may have
CELL = r"[+-]?(\d+{0}?\d*|{0}\d+)([eE][+-]?\d{{1,2}})?"
FACTS = """
    select
        count(*),
        count(*) filter (where regexp_full_match(cell, '{pattern}')),
        coalesce(max({decimals}), 0),
        coalesce(max({whole}), 1),
        min(cell) filter (where not regexp_full_match(cell, '{pattern}'))
    from (select {cell} as cell from file_rows) where cell is not null
"""
HAS_POWER = "(contains(cell, 'e') or contains(cell, 'E'))"
POWER = "cast(regexp_extract(cell, '[eE]([+-]?[0-9]+)$', 1) as integer)"
MANTISSA = "regexp_extract(cell, '^[^eE]*')"


@dataclass(frozen=True)
class Number:
    """The column t<place>, written with `mark`; `is_rounded` where it has more than DIGITS."""

    place: int
    mark: str
    decimals: int
    is_rounded: bool
    nulls: tuple[str, ...]

    @property
    def sql(self) -> str:
        """The cell as an exact DECIMAL, or null."""
        cell = cell_sql(self.place, self.nulls)
        plain = cell if self.mark == "." else f"replace({cell}, '{self.mark}', '.')"
        return f"cast({plain} as decimal({DIGITS}, {self.decimals}))"


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
            kept = min(decimals, max(DIGITS - whole, 0))
            if whole > DIGITS:
                raise SourceError(name, f"has numbers of more than {DIGITS} digits", "drop it")
            return Number(place, mark, kept, kept < decimals, nulls)
        if fitting > most:
            most, odd = fitting, first
    hint = "mend it, tell the decimal mark with --decimal, or what means no value with --null"
    raise SourceError(f"column {name}", f"'{odd}' is not written as the other numbers", hint)


def _try_mark(
    con: duckdb.DuckDBPyConnection, place: int, mark: str, nulls: tuple[str, ...]
) -> tuple[int, int, int, int, str]:
    """Cells, those that are numbers with *mark*, digits after and before it, one that is none."""
    after = (
        f"case when contains(cell, '{mark}') then length(cell) - strpos(cell, '{mark}') else 0 end"
    )
    before = f"length(ltrim(split_part(cell, '{mark}', 1), '+-'))"
    in_power = f"greatest({after.replace('cell', MANTISSA)} - {POWER}, 0)"
    query = FACTS.format(
        cell=cell_sql(place, nulls),
        pattern=CELL.format(f"[{mark}]"),
        decimals=f"case when {HAS_POWER} then {in_power} else {after} end",
        whole=f"case when {HAS_POWER} then {before} + greatest({POWER}, 0) else {before} end",
    )
    found: tuple[int, int, int, int, str] = con.execute(query).fetchall()[0]
    return found
