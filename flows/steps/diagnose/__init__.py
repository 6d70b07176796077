"""Diagnose: which year's map a column of commune codes speaks of, and what is wrong with the rest.

The map of a year fits by how many of the distinct codes it has, out of these codes and of the
communes of the map that they lack, in the départements that they tell whole (see vintage_fits.sql).
"""

from dataclasses import dataclass

import duckdb

from flows.warehouse import shared_sql

EXAMPLES = 5
TOTALS = """
    select cast(coalesce(sum(row_count), 0) as bigint), count(*) filter (where bare_code != '')
    from codes_read
"""
TOLD_CODES = """
    create or replace temp table told_codes as
    select coalesce(code, '') as code, cast(sum(row_count) as bigint) as row_count
    from ({codes}) as codes group by all
"""
TOLD_VINTAGES = """
    create or replace temp table told_vintages as
    select coalesce(code, '') as code, vintage, cast(sum(row_count) as bigint) as row_count
    from ({codes}) as codes group by all
"""


@dataclass(frozen=True)
class Fit:
    """How the maps of `years` fit, all of them alike; `year` is the newest of them.

    `years` holds the first and the last of each unbroken span.
    """

    year: int
    years: tuple[tuple[int, int], ...]
    codes_on_map: int
    communes_lacking: int
    share: float
    fit: float

    def tell_years(self, between: str) -> str:
        """The years as spans, with *between* in between: 2019–2021 and 2024."""
        spans = [str(first) if first == last else f"{first}–{last}" for first, last in self.years]
        return between.join(spans)


@dataclass(frozen=True)
class Example:
    """A code, the commune that is meant, and the year in which it vanished or appears."""

    code: str
    rows: int
    meant: str | None
    year: int | None


@dataclass(frozen=True)
class Cause:
    """Codes that are not on the map for the same reason, a key of CAUSES."""

    kind: str
    codes: int
    rows: int
    examples: tuple[Example, ...]


@dataclass(frozen=True)
class Deciding:
    """What tells the best map from the runner-up.

    `best` and `runner_up` are codes that only that map has; `lacking` are communes of the
    runner-up alone that the codes ought to name and do not.
    """

    best: tuple[str, ...]
    runner_up: tuple[str, ...]
    lacking: tuple[str, ...]


@dataclass(frozen=True)
class Diagnosis:
    """What a column of codes holds; `vintage` is the map by which its causes are judged.

    `counted_twice` are communes that stand beside their own arrondissements.
    """

    rows: int
    codes: int
    column_kind: str
    vintage: int
    best: Fit
    runner_up: Fit | None
    deciding: Deciding
    causes: tuple[Cause, ...]
    counted_twice: tuple[str, ...]

    @property
    def is_right(self) -> bool:
        """Whether the map has every code, and nothing is told twice."""
        return not self.causes and not self.counted_twice


def diagnose(
    con: duckdb.DuckDBPyConnection, codes: duckdb.DuckDBPyRelation, vintage: int | None = None
) -> Diagnosis:
    """What *codes*, a relation of *con* with `code` and `row_count`, speaks of.

    *con* holds core.commune_successors and the editions. *vintage* is the map by which to judge the
    codes, if it is known; else it is the best. Leaves temporary tables, replaced by the next call.
    """
    read_codes(con, codes)
    best, runner_up = [*_find_fits(con), None][:2]
    assert best is not None
    judged = vintage or best.year
    kind = _find_column_kind(con)
    rows, distinct = con.execute(TOTALS).fetchall()[0]
    return Diagnosis(
        rows,
        distinct,
        kind,
        judged,
        best,
        runner_up,
        _find_deciding(con, best, runner_up),
        tuple(_find_causes(con, judged, kind)),
        find_counted_twice(con),
    )


def find_counted_twice(con: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """The communes of codes_read of which an arrondissement is told as well."""
    return tuple(code for (code,) in con.execute(shared_sql("counted_twice")).fetchall())


def detect_vintage(
    con: duckdb.DuckDBPyConnection, codes: duckdb.DuckDBPyRelation, declared: int
) -> tuple[Fit, Fit]:
    """The fit of the best maps, and that of *declared*: the same if it is one of them.

    *codes* is as for diagnose. Raises ValueError when no map of *declared* is known.
    """
    read_codes(con, codes)
    fits = _find_fits(con)
    for fit in fits:
        if any(first <= declared <= last for first, last in fit.years):
            return fits[0], fit
    raise ValueError(f"no map of {declared} is known")


def likely_causes(con: duckdb.DuckDBPyConnection, codes: duckdb.DuckDBPyRelation) -> dict[str, str]:
    """The likely cause, a key of CAUSES, of each code that the map of its year does not have.

    *codes* has `code`, `row_count` and `vintage`. A code of several years has that of most rows.
    """
    con.execute(TOLD_VINTAGES.format(codes=codes.sql_query()))
    read_codes(con, con.sql("select code, row_count from told_vintages"))
    causes = _explain(con, "told_vintages", _find_column_kind(con))
    rows = con.execute("select code, vintage, row_count from told_vintages order by row_count")
    kinds = {(code, vintage): kind for code, vintage, kind, *_ in causes}
    return {code: kinds[code, vintage] for code, vintage, _ in rows.fetchall()}


def read_codes(con: duckdb.DuckDBPyConnection, codes: duckdb.DuckDBPyRelation) -> None:
    """Make the temporary table codes_read of *codes*, which has `code` and `row_count`."""
    con.execute(TOLD_CODES.format(codes=codes.sql_query()))
    con.execute(shared_sql("codes_read"))


def _find_fits(con: duckdb.DuckDBPyConnection) -> list[Fit]:
    """The best first; years that fit alike are one. Makes maps_found and whole_departements."""
    con.execute(shared_sql("maps_found"))
    alike: dict[tuple[float, int, int], list[int]] = {}
    for year, codes, on_map, lacking in con.execute(shared_sql("vintage_fits")).fetchall():
        fit = on_map / max(codes + lacking, 1)
        alike.setdefault((fit, on_map, lacking), []).append(year)
    share = max(codes, 1)
    return [
        Fit(years[-1], _spans(years), on_map, lacking, on_map / share, fit)
        for (fit, on_map, lacking), years in sorted(alike.items(), reverse=True)
    ]


def _spans(years: list[int]) -> tuple[tuple[int, int], ...]:
    """The first and the last of each unbroken span of *years*, which are in order."""
    starts = [year for year in years if year - 1 not in years]
    ends = [year for year in years if year + 1 not in years]
    return tuple(zip(starts, ends, strict=True))


def _find_column_kind(con: duckdb.DuckDBPyConnection) -> str:
    """The kind of code that most of codes_read are; communes where nothing tells."""
    found = con.execute(shared_sql("column_kinds")).fetchone()
    return str(found[0]) if found else "commune"


def _find_deciding(con: duckdb.DuckDBPyConnection, best: Fit, runner_up: Fit | None) -> Deciding:
    if runner_up is None:
        return Deciding((), (), ())
    con.execute(f"set variable best_vintage = {best.year}")
    con.execute(f"set variable runner_up_vintage = {runner_up.year}")
    rows = con.execute(shared_sql("deciding_codes")).fetchall()
    return Deciding(
        tuple(code for code, is_on_best, is_told in rows if is_on_best and is_told),
        tuple(code for code, is_on_best, is_told in rows if not is_on_best and is_told),
        tuple(code for code, is_on_best, is_told in rows if not is_on_best and not is_told),
    )


def _find_causes(con: duckdb.DuckDBPyConnection, vintage: int, column_kind: str) -> list[Cause]:
    """Why codes of codes_read are not on the map of *vintage*: what concerns most rows first."""
    con.execute(f"set variable vintage = {vintage}")
    con.execute(shared_sql("strange_codes"))
    found: dict[str, list[Example]] = {}
    counts = dict(con.execute("select code, row_count from codes_read").fetchall())
    for code, _, kind, meant, year in _explain(con, "strange_codes", column_kind):
        found.setdefault(kind, []).append(Example(code, counts[code], meant, year))
    causes = []
    for kind, examples in found.items():
        examples.sort(key=lambda each: (-each.rows, each.code))
        rows = sum(each.rows for each in examples)
        causes.append(Cause(kind, len(examples), rows, tuple(examples[:EXAMPLES])))
    return sorted(causes, key=lambda each: (-each.rows, each.kind))


def _explain(
    con: duckdb.DuckDBPyConnection, suspects: str, column_kind: str
) -> list[tuple[str, int, str, str | None, int | None]]:
    """Code, vintage, cause, commune meant and year for each of *suspects*."""
    con.execute(f"create or replace temp view suspects as select code, vintage from {suspects}")
    con.execute(f"set variable column_kind = '{column_kind}'")
    return con.execute(shared_sql("likely_causes")).fetchall()
