"""Build: <indicator>.sql gives parts at the finest level; one roll-up gives every level."""

from collections.abc import Iterable

import duckdb

from flows.catalog import Catalog, Indicator
from flows.errors import PromiseError
from flows.warehouse import query_errors, quote_row, run_query, shared_sql, transaction

PART = {
    "commune": "'COM-' || commune_code",
    "epci": "'EPCI-' || epci_code",
    "departement": "'DEP-' || departement_code",
    "region": "'REG-' || region_code",
}
OPTIONAL = ("estimation", "unit_count", "largest", "is_hidden")


def build_observations(con: duckdb.DuckDBPyConnection, catalog: Catalog) -> None:
    """Make indicators.observations and indicators.territories from core.*.

    Raises CatalogError when an indicator's SQL does not give its columns.
    """
    con.execute(shared_sql("parts"))
    for indicator in catalog.indicators.values():
        insert_parts(con, indicator, catalog.queries["indicators"][indicator.name])
    refuse_odd_parts(con)
    with transaction(con):  # many small rows, written once
        write_rules(con, catalog.indicators.values())
    con.execute(shared_sql("roll_up"))


def insert_parts(con: duckdb.DuckDBPyConnection, indicator: Indicator, query: str) -> None:
    """Add what an indicator's SQL gives: commune_code (or that of its level), period and counts.

    `sum` gives numerator; `ratio` numerator and denominator; `none` value. Any may add estimation:
    null where the count is known, `carried_over` where it is that of another year, `split` where it
    was shared out between the successors of a commune, `provisional` where the publisher will
    revise it. Under secrecy, `unit_count` and `largest`; `is_hidden` where the publisher keeps the
    count to itself.
    """
    where = f"catalog/indicators/{indicator.name}.sql"
    rows = run_query(con, query, where)
    counts = {
        "sum": "numerator, null",
        "ratio": "numerator, denominator",
        "none": "value, 1",
    }[indicator.rollup]
    told = ", ".join(each if each in rows.columns else "null" for each in OPTIONAL)
    columns = f"'{indicator.name}', {PART[indicator.level]}, period, {counts}, {told}"
    with query_errors(where), transaction(con):
        rows.query("rows", f"select {columns} from rows").insert_into("parts.observations")


def refuse_odd_parts(con: duckdb.DuckDBPyConnection) -> None:
    """Raise PromiseError if the roll-up would count a part twice, or lose one on no map."""
    if odd := con.execute(shared_sql("odd_parts")).fetchone():
        indicator, part, period, fault = odd
        raise PromiseError(
            f"catalog/indicators/{indicator}.sql",
            f"{part} {period} {fault}",
            "give one row per territory of today and period",
        )


def write_rules(con: duckdb.DuckDBPyConnection, indicators: Iterable[Indicator]) -> None:
    """What the roll-up must know of each indicator, where it breaks, and what is provisional."""
    for each in indicators:
        min_units = None if each.secrecy == "none" else each.secrecy.min_units
        rule = [each.name, each.rollup, each.per, each.coverage, each.level]
        rule += [each.published_from, min_units]
        con.execute(f"insert into parts.rules values ({quote_row(rule)})")
        for at in each.breaks:
            con.execute(f"insert into parts.breaks values ({quote_row([each.name, at.period])})")
        for period in each.provisional:
            con.execute(f"insert into parts.provisional values ({quote_row([each.name, period])})")
