"""Database: jalon.duckdb, the published tables with views, macros, a catalogue and examples.

Each of them bears a comment. Keys are tested, not declared (a declared key makes the file several
times larger). DuckDB's file differs from build to build; what it holds is told by content hashes.
"""

from collections.abc import Collection
from pathlib import Path
from typing import Any

import duckdb

from flows.catalog import Text
from flows.publish.catalogue import fill_catalogue
from flows.publish.draft import Draft
from flows.publish.release import DATABASE
from flows.publish.wide import LEVELS, pivot
from flows.warehouse import connect, quote_text, shared_sql, transaction

# Files of this version are read by DuckDB 1.0 and every later one.
STORAGE_VERSION = "v1.0.0"
LONG_COLUMNS = "indicator, territory_id, code, name, period, value, coverage, obs_status"
PARENTS = ("epci_id", "departement_id", "region_id")
MACROS = {
    "observation": Text(
        fr="Les valeurs d’un indicateur pour un territoire.",
        en="The values of an indicator for a territory.",
    ),
    "profile": Text(
        fr="Tous les indicateurs d’un territoire, avec rang et médiane.",
        en="All indicators of a territory, with rank and median.",
    ),
    "ranking": Text(
        fr="Les territoires d’un niveau, classés selon un indicateur.",
        en="The territories of a level, ranked by an indicator.",
    ),
    "similar": Text(
        fr="Les territoires qui ressemblent le plus à un territoire.",
        en="The territories most like a territory.",
    ),
    "communes_of": Text(fr="Les communes d’un territoire.", en="The communes of a territory."),
    "find_territory": Text(
        fr="Les territoires dont le nom contient ces mots.",
        en="The territories whose name contains these words.",
    ),
}


def write_database(draft: Draft) -> None:
    """Write jalon.duckdb with every published table, in its total order."""
    path = quote_text(draft.folder / DATABASE)
    home = draft.con.sql("select current_database()").fetchall()[0][0]
    draft.con.execute(f"attach {path} as published (storage_version '{STORAGE_VERSION}')")
    try:
        for table in draft.tables:
            _write_table(draft, table)
        with transaction(draft.con):  # hundreds of small rows and comments, written once
            _describe_tables(draft)
    finally:
        draft.con.execute(f"use {home}")
        draft.con.execute("detach published")


def _describe_tables(draft: Draft) -> None:
    """Comments, the catalogue, views and macros."""
    for table in draft.tables:
        _comment_table(draft, table)
    draft.con.execute(shared_sql("published_catalogue"))
    fill_catalogue(draft)
    draft.con.execute("use published")
    draft.con.execute(shared_sql("published_views"))
    _comment_columns(draft, "observations_named", {})
    _write_level_views(draft)
    draft.con.execute(shared_sql("published_macros"))
    for name, text in MACROS.items():
        _comment(draft, f"macro table published.{name}", _told(text.fr, text.en))


def hash_tables(draft: Draft) -> dict[str, dict[str, Any]]:
    """Rows and content hash of every published table: independent of order, and of the build."""
    return {table: _hash_table(draft, table) for table in draft.tables}


def hash_database(release: Path, known: Collection[str]) -> dict[str, Any]:
    """What jalon.duckdb holds beside the *known* tables: the others, and how all in it is defined.

    Definitions are the SQL of views and macros, the types of columns, and every comment.
    """
    with connect(release / DATABASE, read_only=True) as con:
        tables = {
            name for (name,) in con.execute("select table_name from duckdb_tables()").fetchall()
        }
        definitions = f"({shared_sql('database_definitions')})"
        return {
            "tables": {
                name: content_of(con, name, con.table(name).columns)
                for name in sorted(tables - set(known))
            },
            "definitions": content_of(con, definitions, ["kind", "name", "made", "told"]),
        }


def _write_table(draft: Draft, table: str) -> None:
    columns = ", ".join(field["name"] for field in draft.schema(table)["fields"])
    draft.con.execute(
        f"create table published.{table} as"
        f" select {columns} from indicators.{table} order by {draft.order(table)}"
    )


def _comment_table(draft: Draft, table: str) -> None:
    schema = draft.schema(table)
    _comment(draft, f"table published.{table}", schema)
    for field in schema["fields"]:
        _comment(draft, f"column published.{table}.{field['name']}", field)


def _write_level_views(draft: Draft) -> None:
    """For each level that has values: `observations_<level>` and `wide_<level>`."""
    given: dict[str, dict[str, str]] = {}
    rows = draft.con.sql("from published.newest_periods order by level, indicator").fetchall()
    for level, indicator, period in rows:
        given.setdefault(level, {})[indicator] = period
    for level in LEVELS:
        if level in given:
            _write_long_view(draft, level)
            _write_wide_view(draft, level, given[level])


def _write_long_view(draft: Draft, level: str) -> None:
    name = f"observations_{level}"
    query = f"select {LONG_COLUMNS} from observations_named where level = '{level}'"
    draft.con.execute(f"create view published.{name} as {query}")
    told = _told(f"Observations {LEVELS[level].fr}.", f"Observations {LEVELS[level].en}.")
    _comment(draft, f"view published.{name}", told)
    _comment_columns(draft, name, {})


def _write_wide_view(draft: Draft, level: str, periods: dict[str, str]) -> None:
    """One row per territory; each indicator in its newest period, and its status."""
    name, indicators = f"wide_{level}", [draft.catalog.indicators[each] for each in periods]
    columns = ", ".join(
        [*("territory_id", "code", "name", *PARENTS), *pivot(indicators, is_rounded=False)]
    )
    draft.con.execute(
        f"create view published.{name} as select {columns} from observations_named"
        " inner join newest_periods using (level, indicator, period)"
        f" where level = '{level}' group by all"
    )
    level_fr, level_en = LEVELS[level].fr, LEVELS[level].en
    told = _told(f"Dernières valeurs {level_fr}.", f"Newest values {level_en}.")
    _comment(draft, f"view published.{name}", told)
    columns_told = {}
    for each in indicators:
        fr = f"{each.title.fr} ({each.unit.fr}), {periods[each.name]}"
        en = f"{each.title.en} ({each.unit.en}), {periods[each.name]}"
        columns_told[each.name] = _told(fr, en)
        columns_told[f"{each.name}_status"] = _told(f"Statut : {fr}", f"Status: {en}")
    _comment_columns(draft, name, columns_told)


def _told(fr: str, en: str) -> dict[str, str]:
    return {"description": fr, "description_en": en}


def _comment(draft: Draft, target: str, told: dict[str, str]) -> None:
    text = f"{told['description']} — {told['description_en']}"
    draft.con.execute(f"comment on {target} is {quote_text(text)}")


def _comment_columns(draft: Draft, view: str, told: dict[str, dict[str, str]]) -> None:
    """Comment the columns of a view: as *told*, else as the tables that it joins do."""
    tables = ("territories", "observations")
    fields = {field["name"]: field for table in tables for field in draft.schema(table)["fields"]}
    fields |= told
    for column in draft.con.table(view).columns:
        _comment(draft, f"column published.{view}.{column}", fields[column])


def _hash_table(draft: Draft, table: str) -> dict[str, Any]:
    columns = [field["name"] for field in draft.schema(table)["fields"]]
    return content_of(draft.con, f"indicators.{table}", columns)


def content_of(con: duckdb.DuckDBPyConnection, table: str, columns: list[str]) -> dict[str, Any]:
    """How many rows a table has, and a hash of what is in *columns*."""
    content_hash = f"bit_xor(md5_number(cast(row({', '.join(columns)}) as varchar)))"
    rows, content = con.execute(
        f"select count(*), coalesce({content_hash}, 0) from {table}"
    ).fetchall()[0]
    return {"rows": rows, "content": f"{content:x}"}
