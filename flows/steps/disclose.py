"""Disclose: hide what counts too few units, before anything else reads it.

Primary suppression only: a value hidden here may still be found by subtraction from a total.
"""

import duckdb

from flows.warehouse import shared_sql


def hide_small_counts(con: duckdb.DuckDBPyConnection) -> int:
    """Hide value, numerator and denominator of observations under their indicator's `min_units`.

    Gives how many were hidden.
    """
    return int(con.execute(shared_sql("disclose")).fetchall()[0][0])
