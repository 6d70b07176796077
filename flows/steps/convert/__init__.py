"""Convert: the rows of a file, on the map of its year → those of the map of another year.

Counts are shared out by residents where a commune was split, and added up exactly; ratios are
divided last; classes follow a policy. What is lost is told, to the row.
"""

import duckdb

from flows.catalog import Catalog
from flows.steps.convert.loss import Conversion, StrangeCode, Total, measure
from flows.steps.convert.plan import Plan, Ratio, check_plan
from flows.steps.convert.rows import convert_rows, find_successors, read_numbers, show_published
from flows.steps.convert.write import result_sql

__all__ = [
    "Conversion",
    "Plan",
    "Ratio",
    "StrangeCode",
    "Total",
    "check_plan",
    "convert",
    "result_sql",
]


def convert(con: duckdb.DuckDBPyConnection, catalog: Catalog, plan: Plan) -> Conversion:
    """Make the temporary table `converted` of file_rows, as *plan* says; what was kept and lost.

    file_rows has the plan's `used` columns as text, t1 t2 …; *con* the tables of the reference.
    Raises SourceError at a cell that is no number.
    """
    find_successors(con, catalog, plan.to_vintage)
    numbers = read_numbers(con, plan)
    show_published(con, plan, numbers)
    convert_rows(con, plan)
    return measure(con, plan, numbers)
