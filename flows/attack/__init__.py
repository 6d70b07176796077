"""Attack: what a reader of the published files can find out of what is hidden in them.

Nothing but releases is read, and of the warehouse the communes of zones and declared territories,
which their sources publish. It tries whatever a reader could: numbers that stand elsewhere (doors),
and between which values each hidden number lies, from all totals of this release and of the one
before, of all indicators that share counts (bounds and linear programs).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from flows.attack.doors import find_doors
from flows.attack.solve import find_placed
from flows.attack.told import Found, read_told
from flows.catalog import Catalog, Indicator
from flows.errors import PromiseError
from flows.publish.release import DATABASE
from flows.settings import Settings
from flows.warehouse import NO_FILE, connect, quote_text, shared_sql


@dataclass(frozen=True)
class Attack:
    """What came of it: `hidden` cells were attacked, `found` of them can be known."""

    release: str
    since: str | None
    hidden: int
    found: list[Found]


def attack(
    settings: Settings, catalog: Catalog, release: Path, since: Path | None = None
) -> Attack:
    """Attack a release alone, and together with the one *since* which it stands."""
    with _open(settings, release, since) as con:
        asked = con.execute(shared_sql("attack_asked")).fetchall()
        hidden = con.execute("select count(*) from observations where obs_status = 'Q'")
        count = int(hidden.fetchall()[0][0])
        found = list(find_doors(con, release, since is not None))
        periods: dict[str, list[str]] = {}
        for indicator, period in asked:
            periods.setdefault(period, []).append(indicator)
        for period, names in periods.items():
            found += find_placed(read_told(con, names, period, since is not None))
        found = _judge(con, settings, catalog, found)
    return Attack(release.name, since.name if since else None, count, found)


def refuse_leaks(settings: Settings, catalog: Catalog, release: Path, since: Path | None) -> None:
    """Raise PromiseError if what *release* hides is told in its files, or known with *since*.

    What nothing could keep from who has *since* (`parts.known_before`) is no reason: it was told to
    the officer. Alone, a release was attacked by who hid its cells, so only its files are searched.
    """
    if since:
        found = attack(settings, catalog, release, since).found
        with connect(settings.warehouse, read_only=True) as con:
            known = set(con.execute("from parts.known_before").fetchall())
    else:
        with connect(NO_FILE) as con:
            _show(con, release, "main")
            found, known = list(find_doors(con, release, has_earlier=False)), set()
    for each in found:
        if each.is_door or (each.indicator, each.period, each.territory_id) not in known:
            where, way = f"{each.territory_id} {each.period}", f"is known from {each.way}"
            if each.is_door:
                way = f"told in {each.way}"
            with_since = f", with the release {since.resolve().name}" if since else ""
            problem = f"is hidden in {where}, and {way}{with_since}"
            raise PromiseError(each.indicator, problem, "nothing was published")


@contextmanager
def _open(
    settings: Settings, release: Path, since: Path | None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The tables of the release, those of the other one under `earlier`, and the warehouse's."""
    with connect(NO_FILE) as con:
        _show(con, release, "main")
        if since:
            con.execute("create schema earlier")
            _show(con, since, "earlier")
        if settings.warehouse.is_file():
            con.execute(f"attach {quote_text(settings.warehouse)} as home (read_only)")
        yield con


def _show(con: duckdb.DuckDBPyConnection, release: Path, schema: str) -> None:
    """Make views of the Parquet files of a release, or of its jalon.duckdb if it has none."""
    files = sorted((release / "data").glob("*.parquet"))
    for path in files:
        con.execute(f'create view {schema}."{path.stem}" as from read_parquet({quote_text(path)})')
    if files:
        return
    path = release / DATABASE
    if not path.is_file():
        hint = "give the folder of a release"
        raise PromiseError(str(release), f"holds neither data/*.parquet nor {DATABASE}", hint)
    name = f"db_{schema}"
    con.execute(f"attach {quote_text(path)} as {name} (read_only)")
    query = "select table_name from duckdb_tables() where database_name = ?"
    for (table,) in con.execute(query, [name]).fetchall():
        con.execute(f'create view {schema}."{table}" as from {name}."{table}"')


def _judge(
    con: duckdb.DuckDBPyConnection, settings: Settings, catalog: Catalog, found: list[Found]
) -> list[Found]:
    """Without those that were hidden for the sake of others, as the warehouse tells its keeper.

    Who has no warehouse cannot know them apart: all count. What stands somewhere counts always.
    """
    placed = [each for each in found if not each.is_door]
    if not placed or not settings.warehouse.is_file():
        return found
    con.execute("create temp table found (indicator varchar, territory_id varchar, period varchar)")
    rows = [[each.indicator, each.territory_id, each.period] for each in placed]
    con.executemany("insert into found values (?, ?, ?)", rows)
    harmless = set()
    for *cell, units, largest, total in con.execute(shared_sql("attack_units")).fetchall():
        indicator = catalog.indicators.get(cell[0])  # of one that is unknown, nothing is harmless
        if indicator and not _is_primary(indicator, units, largest, total):
            harmless.add(tuple(cell))
    return [
        each
        for each in found
        if each.is_door or (each.indicator, each.territory_id, each.period) not in harmless
    ]


def _is_primary(indicator: Indicator, units: float, largest: float, total: float) -> bool:
    """Whether a number is one that the rule of its indicator hides."""
    rule = indicator.secrecy
    if rule == "none":
        return False
    dominated = total > 0 and largest * 100 > total * rule.dominance_percent
    return dominated or 0 < units < rule.min_units
