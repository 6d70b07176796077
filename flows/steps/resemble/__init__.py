"""Resemble: the territories that each is most like, by the variables of catalog/similarity.yml."""

import duckdb
import pandas as pd

from flows.catalog import Catalog
from flows.catalog.similarity import Variable
from flows.steps.resemble.nearest import find_nearest, standardise
from flows.warehouse import set_variable, shared_sql, transaction


def build_similar(con: duckdb.DuckDBPyConnection, catalog: Catalog) -> None:
    """Make indicators.similar_territories and indicators.similarity_variables.

    From indicators.comparisons, so from what is disclosed. A territory of which a variable is not
    known has no neighbours; a variable whose indicator is not published is left out.
    """
    con.execute(shared_sql("similar"))
    for level, asked in catalog.similarity.levels.items():
        variables = [each for each in asked if each.indicator in catalog.indicators]
        _insert_level(con, level, variables, catalog.similarity.neighbours)


def _insert_level(
    con: duckdb.DuckDBPyConnection, level: str, variables: list[Variable], neighbours: int
) -> None:
    names = [each.indicator for each in variables]
    set_variable(con, "level", level)
    known = con.execute(shared_sql("similar_values")).df()
    table = known.pivot(index="territory_id", columns="indicator", values="value")
    table = table.reindex(columns=names).sort_index()
    scaled = standardise(table, [each.indicator for each in variables if each.scale == "log"])
    nearest = find_nearest(scaled.values, neighbours)
    _insert(con, "similar_territories", nearest.assign(level=level))
    told = scaled.parameters.assign(level=level, scale=[each.scale for each in variables])
    periods = known.groupby("indicator")["period"].max()
    _insert(con, "similarity_variables", told.join(periods, on="indicator"))


def _insert(con: duckdb.DuckDBPyConnection, table: str, rows: pd.DataFrame) -> None:
    columns = con.table(f"indicators.{table}").columns
    with transaction(con):
        con.from_df(rows.reindex(columns=columns)).insert_into(f"indicators.{table}")
