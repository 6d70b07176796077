"""Rows: what a file holds, on the map of another year, in one join."""

import duckdb

from flows.catalog import Catalog
from flows.errors import SourceError
from flows.steps.convert.numbers import Number, cell_sql, read_number
from flows.steps.convert.plan import Plan, Policy
from flows.warehouse import shared_sql

RANKS = "['unchanged', 'recoded', 'merged', 'split_by_population', 'split_equally']"
# Most rows come from a commune of the same code, which need not be collected.
SOURCES = """
    case when min(code) = max(code) then min(code) else array_to_string(list_sort(list_distinct(
        list_concat(
            case when bool_or(code = commune_code) then [min(commune_code)] else [] end,
            list(code) filter (where code != commune_code)
        )
    )), ' ') end
"""
LISTED = " | "


def find_successors(con: duckdb.DuckDBPyConnection, catalog: Catalog, vintage: int) -> None:
    """Make the view target_successors: core.commune_successors for the map of *vintage*."""
    con.execute(f"set variable to_vintage = {vintage}")
    newest = con.execute("select max(vintage) from core.communes").fetchall()[0][0]
    table = "core.commune_successors"
    if vintage != newest:
        table = f"successors_{vintage}"
        query = catalog.queries["tables"]["commune_successors"]
        con.execute(f"create temp table if not exists {table} as\n{query}")
    con.execute(f"create or replace temp view target_successors as from {table}")


def read_numbers(con: duckdb.DuckDBPyConnection, plan: Plan) -> dict[str, Number]:
    """How each column of numbers in file_rows is written."""
    return {
        name: read_number(con, name, _place(plan, name), plan.decimal, plan.nulls)
        for name in plan.numbers
    }


def show_published(con: duckdb.DuckDBPyConnection, plan: Plan, numbers: dict[str, Number]) -> None:
    """Make the view `published` of file_rows: code, vintage, g<n>, n<n> and k<n>, typed.

    These are the plan's keys, numbers and classes, in their order. Raises SourceError when a
    year is none.
    """
    columns = [
        "t1 as code",
        f"{_vintage_sql(plan)} as vintage",
        *(f"t{_place(plan, name)} as g{n}" for n, name in enumerate(plan.keys)),
        *(f"{numbers[name].sql} as n{n}" for n, name in enumerate(plan.numbers)),
        *(
            f"{cell_sql(_place(plan, name), plan.nulls)} as k{n}"
            for n, (name, _) in enumerate(plan.classes)
        ),
    ]
    con.execute(
        f"create or replace temp view published as select {', '.join(columns)} from file_rows"
    )
    _refuse_odd_years(con, plan)


def convert_rows(con: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Make `converted` of `published`: a row per commune and keys; no commune: what is lost.

    s<n> is the sum of the known parts of n<n>, v<n> the value that is published, m<n> how many
    parts are missing; r<n> are the ratios and k<n> the classes.
    """
    con.execute(shared_sql("convert_place"))
    placed = "placed"
    if any(policy == "largest" for _, policy in plan.classes):
        con.execute(shared_sql("convert_residents"))
        placed = "placed left join residents using (code, vintage)"
    columns = [
        "commune_code",
        *(f"g{n}" for n in range(len(plan.keys))),
        "count(*) as row_count",
        f"{RANKS}[max(method_rank)] as conversion_method",
        f"{SOURCES} as source_codes",
        "min(vintage) as first_vintage",
        "max(vintage) as last_vintage",
        *(part for n in range(len(plan.numbers)) for part in _sum_sql(plan, n)),
        *(f"{_ratio_sql(plan, n)} as r{n}" for n in range(len(plan.ratios))),
        *(f"{_class_sql(plan, n, each)} as k{n}" for n, (_, each) in enumerate(plan.classes)),
    ]
    con.execute(
        f"create or replace temp table converted as select {', '.join(columns)}"
        f" from {placed} group by all"
    )


def _place(plan: Plan, name: str) -> int:
    return plan.used.index(name) + 1


def _vintage_sql(plan: Plan) -> str:
    if plan.vintage_column is None:
        return f"{plan.from_vintage}"
    return f"try_cast(t{_place(plan, plan.vintage_column)} as integer)"


def _refuse_odd_years(con: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    if plan.vintage_column is None:
        return
    place = _place(plan, plan.vintage_column)
    query = (
        f"select count(*), min(t{place}) from file_rows"
        f" where not regexp_full_match(t{place}, '[0-9]{{4}}')"
    )
    count, first = con.execute(query).fetchall()[0]
    if count:
        problem = f"'{first}' is not a year, nor what stands in {count - 1:,} other rows"
        raise SourceError(f"column {plan.vintage_column}", problem, "mend it, or give --from YEAR")


def _sum_sql(plan: Plan, n: int) -> list[str]:
    known = f"sum(n{n} * population_share)"
    is_whole = "" if plan.missing == "ignore" else f"case when count(n{n}) = count(*) then "
    return [
        f"{known} as s{n}",
        f"{is_whole}{known}{' end' if is_whole else ''} as v{n}",
        f"count(*) - count(n{n}) as m{n}",
    ]


def _ratio_sql(plan: Plan, number: int) -> str:
    """The division of two sums; where a part is missing, of the rows that have both, or null."""
    ratio = plan.ratios[number]
    over, under = (plan.numbers.index(name) for name in (ratio.numerator, ratio.denominator))
    both = f"count(n{over} + n{under})"
    sums = [
        f"cast(sum(n{n} * population_share)"
        f" filter (where n{over} is not null and n{under} is not null) as double)"
        for n in (over, under)
    ]
    value = f"{sums[0]} / nullif({sums[1]}, 0)"
    return value if plan.missing == "ignore" else f"case when {both} = count(*) then {value} end"


def _class_sql(plan: Plan, n: int, policy: Policy) -> str:
    """The class of all parts, or what *policy* makes of parts that differ."""
    if policy == "list":
        return f"string_agg(distinct k{n}, '{LISTED}' order by k{n})"
    is_whole = "" if plan.missing == "ignore" else f" and count(k{n}) = count(*)"
    same = f"when min(k{n}) = max(k{n}){is_whole} then min(k{n})"
    if policy == "same":
        return f"case {same} end"
    largest = f"first(k{n} order by inhabitants * population_share desc, code)"
    return f"case {same} when count(inhabitants) = count(*){is_whole} then {largest} end"
