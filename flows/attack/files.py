"""Files: numbers of hidden cells that stand in a file beside the tables.

Each kind of file is read as it is written (flows/publish): one that looks otherwise is an error,
since what cannot be read would be called safe.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb

from flows.attack.told import Found
from flows.errors import PromiseError
from flows.warehouse import quote_text, shared_sql

Body = dict[str, Any]
Cell = tuple[str, str, str, Any]  # indicator, territory, period, value
# The files with a row for each observation, and their columns as attack_door_file.sql names them.
LISTS = {
    "sdmx/*.csv*": 'indicator, ref_area as territory_id, time_period as "period",'
    " coalesce(obs_value, numerator, denominator) as number",
    "data/observations_*.csv*": "indicator, territory_id, period,"
    " coalesce(value, numerator, denominator) as number",
}
AS_PUBLISHED = "observations_as_published."


def find_in_files(con: duckdb.DuckDBPyConnection, release: Path) -> Iterator[Found]:
    """What the files of *release* tell of the observations that are hidden."""
    asked = con.execute(shared_sql("attack_hidden")).fetchall()
    if not asked:
        return
    yield from _look_into_lists(con, release)
    yield from _look_into_newest(con, release)
    hidden = {(row[0], row[1], row[2]) for row in asked}
    names = {row[0] for row in asked}
    for path in sorted(
        [*release.glob("api/v1/*/*.json"), *release.glob("boundaries/**/*.geojson")]
    ):
        way = path.relative_to(release).as_posix()
        for indicator, territory, period, value in read_cells(path, names):
            if value is not None and (indicator, territory, period) in hidden:
                yield _find(indicator, territory, period, way, value)


def ask(
    con: duckdb.DuckDBPyConnection, query: str, way: str, is_door: bool = True
) -> Iterator[Found]:
    """The hidden numbers that a query of flows/sql/ finds told, in the file or table *way*."""
    for indicator, territory, period, told in con.execute(shared_sql(query)).fetchall():
        yield Found(indicator, territory, period, way, float(told), float(told), is_door)


def _find(indicator: str, territory: str, period: str, way: str, value: Any) -> Found:
    return Found(indicator, territory, period, way, float(value), float(value), is_door=True)


def _look_into_lists(con: duckdb.DuckDBPyConnection, release: Path) -> Iterator[Found]:
    for pattern, columns in LISTS.items():
        for path in sorted(release.glob(pattern)):
            if not path.name.startswith(AS_PUBLISHED):
                _show(con, "told", f"select {columns} from {_csv(path)}")
                yield from ask(con, "attack_door_file", path.relative_to(release).as_posix())
    for path in sorted(release.glob("delta.csv*")):
        _show(con, "delta", f"from read_csv({quote_text(path)})")
        yield from ask(con, "attack_door_delta", path.name)


def _csv(path: Path) -> str:
    return f"read_csv({quote_text(path)}, all_varchar = true, header = true)"


def _show(con: duckdb.DuckDBPyConnection, name: str, query: str) -> None:
    con.execute(f"create or replace temp view {name} as {query}")


def _look_into_newest(con: duckdb.DuckDBPyConnection, release: Path) -> Iterator[Found]:
    """The files that have a column for the newest values of each indicator."""
    newest = con.execute(shared_sql("attack_hidden_newest")).fetchall()
    for path in sorted(release.glob("data/wide/*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file)
            yield from _look_into_wide(next(rows), rows, newest, path.name)
    for path in sorted(release.glob("data/boundaries_*.parquet")):
        found = con.execute(f"select * exclude geometry from read_parquet({quote_text(path)})")
        header = [column[0] for column in found.description]
        yield from _look_into_wide(header, iter(found.fetchone, None), newest, path.name)


def _look_into_wide(
    header: list[str], rows: Iterable[Sequence[Any]], newest: list[Any], way: str
) -> Iterator[Found]:
    """The cells of a wide table that are not empty, of those hidden in the *newest* period.

    Its first column is the code of a level, or the id of a territory.
    """
    key = header[0]
    asked = [
        (territory if key == "territory_id" else code, indicator, territory, period)
        for indicator, territory, level, code, period in newest
        if indicator in header and key in ("territory_id", f"code_{level}")
    ]
    told = {row[0]: row for row in rows} if asked else {}
    for cell, indicator, territory, period in asked:
        value = told[cell][header.index(indicator)] if cell in told else None
        if value not in (None, ""):
            yield _find(indicator, territory, period, way, value)


def read_cells(path: Path, names: set[str]) -> Iterator[Cell]:
    """The values of the indicators *names* that a JSON file of the API, or a GeoJSON, tells.

    Raises PromiseError when it cannot be read.
    """
    reads = {"territories": _read_series, "communes": _read_series, "indicators": _read_levels}
    read = _read_features if path.suffix == ".geojson" else reads.get(path.parent.name)
    if read:
        try:
            yield from read(json.loads(path.read_text(encoding="utf-8")), names)
        except (KeyError, TypeError, ValueError) as error:
            problem = "is not written as it should be, so that nothing is known of what it tells"
            hint = "attack a release that this version has made"
            raise PromiseError(str(path), problem, hint) from error


def _read_series(body: Body, names: set[str]) -> Iterator[Cell]:
    """Of some territories: by indicator, territory and period, as flows/publish/api writes them."""
    ids = body["territories"]["territory_id"]
    territories = [ids] if isinstance(ids, str) else ids
    columns = (body["series"][name] for name in ("indicator", "periods", "values"))
    for indicator, periods, of_territories in zip(*columns, strict=True):
        if indicator not in names:
            continue
        for territory, values in zip(territories, of_territories, strict=True):
            for period, value in zip(periods, values or [None] * len(periods), strict=True):
                yield indicator, territory, period, value


def _read_levels(body: Body, names: set[str]) -> Iterator[Cell]:
    """Of one indicator: the newest values of each level that has a list of them."""
    for level in body["levels"].values() if body["indicator"] in names else ():
        cells = zip(level.get("territory_id", ()), level.get("values", ()), strict=True)
        for territory, value in cells:
            yield body["indicator"], territory, level["period"], value


def _read_features(body: Body, names: set[str]) -> Iterator[Cell]:
    periods = {each["name"]: each["period"] for each in body["indicators"]}
    for feature in body["features"]:
        for indicator in sorted(periods.keys() & names):
            value = feature["properties"][indicator]
            yield indicator, feature["id"], periods[indicator], value
