"""Harmonise: a commune code of any known year → the communes of today, with what was lost."""

import duckdb

from flows.catalog import Source
from flows.errors import CatalogError, SourceError
from flows.handover import Loss
from flows.warehouse import query_errors, shared_sql, transaction


def harmonise_source(con: duckdb.DuckDBPyConnection, source: Source) -> Loss:
    """Put core.<source> on today's map: `commune_code` is today's, `published_commune_code` theirs.

    A commune that was split gives one row per successor, and `population_share` says which part of
    a count each takes (1 elsewhere). Raises SourceError over the source's limit of lost rows.
    """
    assert source.geography is not None
    vintage = source.geography.vintage
    published = con.table(f"core.{source.name}")
    where = f"catalog/sources/{source.name}.sql"
    wanted = ["commune_code", *([vintage] if isinstance(vintage, str) else [])]
    if missing := [column for column in wanted if column not in published.columns]:
        hint = f"geography: in {source.name}.yml asks for it"
        raise CatalogError(where, f"gives no {missing[0]}", hint)
    with query_errors(where), transaction(con):
        published.project(f"*, cast({vintage} as integer) as vintage").create_view("published")
        con.execute(shared_sql("harmonise"))
    loss = _measure(con, source.name)
    with transaction(con):
        con.execute("drop view published")
        con.execute(f"drop table core.{source.name}")
        con.table("harmonised").filter("commune_code is not null").create(f"core.{source.name}")
        con.execute("drop table harmonised")
    _hold_limit(source, loss)
    return loss


def _measure(con: duckdb.DuckDBPyConnection, name: str) -> Loss:
    counts = con.execute(shared_sql("harmonise_counts")).fetchone()
    assert counts is not None
    lost = con.execute(shared_sql("harmonise_lost")).fetchall()
    rows, merged, split = counts
    return Loss(name, rows, merged, split, dict(lost))


def _hold_limit(source: Source, loss: Loss) -> None:
    assert source.geography is not None
    percent = 100 * loss.lost_rows / max(loss.rows, 1)
    if percent > source.geography.max_lost_percent:
        codes = ", ".join(list(loss.lost_codes)[:10])
        raise SourceError(
            source.name,
            f"{loss.lost_rows:,} of {loss.rows:,} rows carry codes that no map knows: {codes}",
            "look for lost zeros or postal codes, or raise max_lost_percent and say why",
        )
