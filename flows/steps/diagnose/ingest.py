"""Ingest: what is said of every source on its way to the map, without being asked."""

import duckdb

from flows.steps.diagnose import detect_vintage, likely_causes
from flows.warehouse import transaction

SLIPS = 2  # so many codes more or less are rather slips than another map
CODES = "select commune_code as code, count(*) as row_count from own_map.{name}"


def diagnose_join(con: duckdb.DuckDBPyConnection, name: str) -> dict[int, str]:
    """Write the likely causes of what <name> lost, and tell the vintages that are not as declared.

    Gives the declared vintage and the years, as in `2018` or `2019–2021`, whose maps fit better.
    """
    _write_causes(con, name)
    vintages = con.sql(f"select distinct vintage from own_map.{name} order by all").fetchall()
    found: dict[int, str] = {}
    for (declared,) in vintages:
        told = f"{CODES.format(name=name)} where vintage = {declared} group by all"
        best, own = detect_vintage(con, con.sql(told), declared)
        gained = best.codes_on_map - own.codes_on_map
        if best.fit > own.fit and gained + own.communes_lacking - best.communes_lacking > SLIPS:
            found[declared] = best.tell_years(", ")
    return found


def _write_causes(con: duckdb.DuckDBPyConnection, name: str) -> None:
    lost = con.sql(
        "select code, row_count, vintage from core.join_losses"
        f" where source = '{name}' and direction = 'lost'"
    )
    causes = likely_causes(con, lost)
    with transaction(con):
        con.executemany(
            "update core.join_losses set likely_cause = ?"
            f" where source = '{name}' and direction = 'lost' and code = ?",
            [[cause, code] for code, cause in causes.items()] or [[None, None]],
        )
