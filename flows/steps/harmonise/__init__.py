"""Harmonise: a commune code of any year → the communes of the release's map, with what was lost."""

import duckdb

from flows.catalog.models import Geography
from flows.errors import PromiseError, SourceError
from flows.handover import Loss
from flows.warehouse import query_errors, require_columns, shared_sql, transaction

TOLERANCE = 1e-6  # of a total that was shared out


def create_reports(con: duckdb.DuckDBPyConnection) -> None:
    """Make core.join_reports and core.join_losses, empty."""
    con.execute(shared_sql("join_tables"))


def harmonise_table(con: duckdb.DuckDBPyConnection, name: str, geography: Geography) -> Loss:
    """Put core.<name> on the release's map; `published_commune_code` is of the publisher's.

    A commune that was split gives one row per successor, and `population_share` says which part of
    a count each takes (1 elsewhere). own_map.<name> keeps the rows as published, with `vintage`;
    what was lost is told in core.join_reports and core.join_losses. Raises SourceError over the
    source's limit of lost rows, and PromiseError when a total is not kept.
    """
    show_published(con, name, geography, "core")
    with query_errors(name), transaction(con):
        con.execute(shared_sql("harmonise"))
        con.execute(shared_sql("join_reports"))
        con.table("published").project("* exclude (source, measures)").create(f"own_map.{name}")
    loss = _measure(con, name)
    with transaction(con):
        con.execute("drop view published")
        con.execute(f"drop table core.{name}")
        keep_harmonised(con, name)
    _hold_totals(con, name)
    _hold_limit(loss, geography)
    return loss


def show_published(
    con: duckdb.DuckDBPyConnection, name: str, geography: Geography, floor: str
) -> None:
    """Make the view `published`: <floor>.<name> with `vintage`, and what is to be told of it."""
    rows = con.sql(f"from {floor}.{name}")
    vintage = geography.vintage
    asked = [vintage] if isinstance(vintage, str) else []
    require_columns(rows, (f"{geography.level}_code", *asked, *geography.counts), name)
    measures = ", ".join(
        f"{{'measure': '{measure}', 'amount': cast({column} as decimal(38, 12))}}"
        for measure, column in [("rows", "1"), *((count, count) for count in geography.counts)]
    )
    columns = "*" if "vintage" in rows.columns else f"*, cast({vintage} as integer) as vintage"
    with query_errors(f"{name}.sql"), transaction(con):
        told = f"{columns}, '{name}' as source, [{measures}] as measures"
        rows.project(told).create_view("published")


def hold_level(con: duckdb.DuckDBPyConnection, name: str, geography: Geography) -> Loss:
    """Keep of core.<name>, which speaks of larger territories, the rows whose code is of today.

    Its column is `epci_code`, `departement_code` or `region_code`. What was lost is told in
    core.join_reports and core.join_losses. Raises SourceError over the source's limit.
    """
    show_published(con, name, geography, "core")
    with query_errors(name), transaction(con):
        code = f"{geography.level}_code"
        known = con.sql(
            f"select distinct {code} as code from core.communes where not is_collectivity"
        )
        con.table("published").project(f"*, {code} as code").create_view("coded")
        known.create_view("known_codes")
        con.execute(shared_sql("hold_level"))
        for view in ("coded", "known_codes", "published"):
            con.execute(f"drop view {view}")
        con.execute(f"drop table core.{name}; alter table core.held rename to {name}")
    loss = _measure_level(con, name)
    _hold_limit(loss, geography)
    return loss


def _measure_level(con: duckdb.DuckDBPyConnection, name: str) -> Loss:
    lost = con.table("core.join_losses").filter(f"source = '{name}' and direction = 'lost'")
    codes = lost.aggregate("code, cast(sum(row_count) as bigint) as row_count")
    rows = con.table("core.join_reports").filter(f"source = '{name}' and measure = 'rows'")
    total = rows.aggregate("cast(coalesce(sum(total_before), 0) as bigint)").fetchone()
    assert total is not None
    return Loss(name, total[0], 0, 0, dict(codes.order("row_count desc, code").fetchall()))


def keep_harmonised(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """Make core.<name> of the harmonised rows that are on the map."""
    rows = con.table("harmonised").filter("commune_code is not null")
    rows.project("* exclude (source, measures)").create(f"core.{name}")
    con.execute("drop table harmonised")


def _measure(con: duckdb.DuckDBPyConnection, name: str) -> Loss:
    counts = con.execute(shared_sql("harmonise_counts")).fetchone()
    assert counts is not None
    lost = con.table("core.join_losses").filter(f"source = '{name}' and direction = 'lost'")
    lost_codes = lost.aggregate("code, cast(sum(row_count) as bigint) as row_count")
    rows, merged, split = counts
    return Loss(
        name, rows, merged, split, dict(lost_codes.order("row_count desc, code").fetchall())
    )


def _hold_totals(con: duckdb.DuckDBPyConnection, name: str) -> None:
    where = f"source = '{name}' and abs(total_before - total_after - lost) > {TOLERANCE}"
    odd = con.table("core.join_reports").filter(where).project("vintage, measure").fetchone()
    if odd:
        vintage, measure = odd
        raise PromiseError(
            name, f"the total of {measure} of {vintage} is not kept", "look at commune_successors"
        )


def _hold_limit(loss: Loss, geography: Geography) -> None:
    percent = 100 * loss.lost_rows / max(loss.rows, 1)
    if percent > geography.max_lost_percent:
        codes = ", ".join(list(loss.lost_codes)[:10])
        raise SourceError(
            loss.source,
            f"{loss.lost_rows:,} of {loss.rows:,} rows carry codes that no map knows: {codes}",
            "look for lost zeros or postal codes, or raise max_lost_percent and say why",
        )
