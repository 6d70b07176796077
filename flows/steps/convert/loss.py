"""Loss: what a conversion kept and what it lost, exactly."""

from dataclasses import dataclass
from decimal import Decimal

import duckdb

from flows.errors import PromiseError
from flows.steps.convert.numbers import Number
from flows.steps.convert.plan import Plan
from flows.warehouse import shared_sql

TOTALS = """
    select
        (select coalesce(sum(n{n}), 0) from published),
        coalesce(sum(v{n}) filter (where commune_code is not null), 0),
        coalesce(sum(s{n}) filter (where commune_code is null), 0),
        coalesce(sum(s{n}) filter (where commune_code is not null and v{n} is null), 0),
        coalesce(sum(row_count) filter (
            where commune_code is not null and v{n} is null and s{n} is not null
        ), 0),
        (select count(*) - count(n{n}) from published)
    from converted
"""
COUNTS = """
    select
        count(*),
        -- A code gives one row to each commune and keys, unless the file tells it twice.
        coalesce(sum(row_count - len(string_split(source_codes, ' '))), 0)
    from converted where commune_code is not null
"""
METHODS = """
    select conversion_method, count(*) from converted where commune_code is not null
    group by conversion_method order by conversion_method
"""


@dataclass(frozen=True)
class Total:
    """A count over the file and over the result.

    `lost` stands at codes of no commune; `withheld` are the known parts of sums of which another
    part is missing, and `withheld_rows` their rows. Longer cells were rounded to `decimals`.
    """

    before: Decimal
    after: Decimal
    lost: Decimal
    withheld: Decimal
    withheld_rows: int
    missing_cells: int
    decimals: int | None


@dataclass(frozen=True)
class StrangeCode:
    """A code that the map of its year does not have; `is_lost` if no commune is known for it."""

    code: str
    vintage: int | None
    rows: int
    is_lost: bool


@dataclass(frozen=True)
class Conversion:
    """What became of the rows of a file. `repeated_rows` tell a code and keys for a second time.

    `undecided` says of each class how many communes have parts that differ, or lack one, and
    therefore no value.
    """

    rows: int
    result_rows: int
    repeated_rows: int
    methods: dict[str, int]
    strange: tuple[StrangeCode, ...]
    without_data: tuple[str, ...]
    totals: dict[str, Total]
    undecided: dict[str, int]

    @property
    def lost_rows(self) -> int:
        """How many rows carry a code of no commune."""
        return sum(each.rows for each in self.strange if each.is_lost)

    @property
    def lost_percent(self) -> float:
        """The rows lost or withheld, of the count that lost most, in 100 rows."""
        withheld = max((total.withheld_rows for total in self.totals.values()), default=0)
        return 100 * (self.lost_rows + withheld) / max(self.rows, 1)


def measure(con: duckdb.DuckDBPyConnection, plan: Plan, numbers: dict[str, Number]) -> Conversion:
    """What `converted` kept of `published`. Raises PromiseError unless each total is accounted for.

    Leaves the temporary table strange of the codes that the map of their year does not have.
    """
    con.execute(f"create or replace temp table strange as {shared_sql('convert_strange')}")
    order = "select * from strange order by row_count desc, code, vintage"
    strange = tuple(StrangeCode(*row) for row in con.execute(order).fetchall())
    result_rows, repeated = con.execute(COUNTS).fetchall()[0]
    return Conversion(
        rows=con.execute("select count(*) from published").fetchall()[0][0],
        result_rows=result_rows,
        repeated_rows=int(repeated),
        methods=dict(con.execute(METHODS).fetchall()),
        strange=strange,
        without_data=tuple(
            code for (code,) in con.execute(shared_sql("convert_without_data")).fetchall()
        ),
        totals={name: _measure_total(con, plan, numbers[name], name) for name in plan.counts},
        undecided={
            name: con.execute(
                f"select count(*) from converted where commune_code is not null and k{n} is null"
            ).fetchall()[0][0]
            for n, (name, _) in enumerate(plan.classes)
        },
    )


def _measure_total(con: duckdb.DuckDBPyConnection, plan: Plan, number: Number, name: str) -> Total:
    query = TOTALS.format(n=plan.numbers.index(name))
    before, after, lost, withheld, rows, missing = con.execute(query).fetchall()[0]
    if before != after + lost + withheld:
        raise PromiseError(f"column {name}", "its total is not kept", "look at commune_successors")
    decimals = number.decimals if number.is_rounded else None
    return Total(before, after, lost, withheld, int(rows), missing, decimals)
