"""Time of every output of a release against the least that it could take, in one run.

    python benchmarks/publish.py [FOLDER]

FOLDER is a project that was run, this one unless given: its data/warehouse.duckdb is read, and
nothing in it is written. An output is one line of WRITERS: what writes it, and its floor, which
writes the same rows with the bare tool (COPY of DuckDB, xlsxwriter, GDAL, a hash). Each is timed
RUNS times, in turns, and the least of each counts: in seconds of processor, of all threads, so that
a busy machine does not change what is found. Sizes and the largest file are told too.
"""

import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import xlsxwriter

from flows.catalog import load_catalog
from flows.catalog.lineage import restrict
from flows.files import sha256_of
from flows.publish.boundaries import write_boundaries
from flows.publish.database import STORAGE_VERSION, write_database
from flows.publish.datapackage import write_datapackage
from flows.publish.draft import Draft
from flows.publish.tables import write_csvs, write_parquets
from flows.publish.wide import list_wides, write_wides
from flows.publish.workbook import write_workbooks
from flows.settings import Settings
from flows.warehouse import connect, reads_of, shared_sql

ROOT = Path(__file__).parent.parent
RUNS = 2
CREATED = "2026-01-01"
MOST_BYTES = 1_000_000_000  # of one file: nobody wants one of a gigabyte


class Writer(NamedTuple):
    """One output. `most` is the ratio that it must keep under, where one is promised."""

    name: str
    write: Callable[[Draft], Any]
    floor: Callable[[Draft], Any]
    most: float | None = None


def copy_parquets(draft: Draft) -> None:
    """Each file of Parquet by a bare COPY of its rows."""
    for name, rows in rows_of_files(draft, with_observations=True):
        draft.copy(rows, f"data/{name}.parquet", "format parquet, compression zstd")


def copy_csvs(draft: Draft) -> None:
    """Each CSV by a bare COPY of its rows, gzipped where ours is."""
    for name, rows in rows_of_files(draft, with_observations=False):
        count = draft.con.sql(f"select count(*) as n from ({rows})").fetchall()[0][0]
        kind = "gzip" if count > 100_000 else "none"
        draft.copy(rows, f"data/{name}.csv", f"format csv, header, compression {kind}")


def rows_of_files(draft: Draft, with_observations: bool) -> list[tuple[str, str]]:
    """The rows of every table and dataset, in the order that is published."""
    found = [
        (table, f"select * from indicators.{table} order by {draft.order(table)}")
        for table in draft.tables
        if with_observations or table != "observations"
    ]
    for dataset in draft.catalog.datasets.values():
        names = ", ".join(f"'{name}'" for name in dataset.indicators)
        rows = f"select * from indicators.observations where indicator in ({names})"
        order = draft.order("observations")
        found.append((f"observations_{dataset.name}", f"{rows} order by {order}"))
    return found


def copy_wides(draft: Draft) -> None:
    """The wide tables by a bare COPY."""
    for wide in list_wides(draft):
        path = f"data/wide/{wide.dataset.name}_{wide.level}.csv"
        draft.copy(f"{wide.query} order by all", path, "format csv, header")


def write_bare_workbooks(draft: Draft) -> None:
    """The same rows, by xlsxwriter as it comes, without formats."""
    for number, wide in enumerate(list_wides(draft)):
        path = str(draft.folder / f"{number}.xlsx")
        rows = draft.con.execute(f"{wide.query} order by all").fetchall()
        with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
            sheet = book.add_worksheet()
            for row, cells in enumerate(rows):
                sheet.write_row(row, 0, cells)


def copy_tables(draft: Draft) -> None:
    """A database of the same tables in the same order, and nothing else."""
    path = draft.folder / "bare.duckdb"
    draft.con.execute(f"attach '{path}' as bare (storage_version '{STORAGE_VERSION}')")
    for table in draft.tables:
        rows = f"select * from indicators.{table} order by {draft.order(table)}"
        draft.con.execute(f"create table bare.{table} as {rows}")
    draft.con.execute("detach bare")


def draw_by_gdal(draft: Draft) -> None:
    """The shapes are made, and GDAL writes each level as GeoJSON."""
    draft.con.execute(shared_sql("boundaries"))
    for level in ("commune", "epci", "departement", "region"):
        rows = f"select * from framed where level = '{level}' and size = 'large'"
        draft.copy(rows, f"{level}.geojson", "format gdal, driver 'GeoJSON'")


def hash_files(draft: Draft) -> None:
    """The hash of every file that the data package describes."""
    for file in draft.files:
        sha256_of(draft.folder / file.path)


# Parts that write more add a line here.
WRITERS = (
    Writer("parquet", write_parquets, copy_parquets, 1.5),
    Writer("csv", write_csvs, copy_csvs, 1.5),
    Writer("wide csv", write_wides, copy_wides),
    Writer("xlsx", lambda draft: write_workbooks(draft, CREATED), write_bare_workbooks),
    Writer("boundaries", write_boundaries, draw_by_gdal),
    Writer("jalon.duckdb", write_database, copy_tables),
    Writer("datapackage.json", lambda draft: write_datapackage(draft, CREATED), hash_files),
)


def time_of(write: Callable[[Draft], Any], draft: Draft) -> float:
    """The seconds of processor that *write* takes on *draft*."""
    start = time.process_time()
    write(draft)
    return time.process_time() - start


def measure(writer: Writer, draft: Draft) -> tuple[float, float]:
    """The least seconds of the writer and of its floor, which writes to a folder of its own."""
    own, floor = [], []
    for _ in range(RUNS):
        noted = list(draft.files)
        (draft.folder / "jalon.duckdb").unlink(missing_ok=True)
        own.append(time_of(writer.write, draft))
        with tempfile.TemporaryDirectory(dir=draft.folder.parent) as folder:
            if writer.floor is hash_files:
                floor.append(time_of(writer.floor, draft))
            else:
                bare = Draft(draft.con, draft.settings, draft.catalog, Path(folder))
                floor.append(time_of(writer.floor, bare))
        written = draft.files[len(noted) :]
        draft.files[:] = noted
    draft.files.extend(written)
    return min(own), min(floor)


def main() -> None:
    """Print a line an output; exit with 1 if a promise is broken."""
    settings = Settings(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT)
    own = Settings(ROOT)
    if not settings.warehouse.is_file():
        sys.exit(f"{settings.warehouse}: no such file (`jalon run` makes it)")
    with tempfile.TemporaryDirectory() as folder:
        part = Path(folder) / "draft"
        part.mkdir()
        copy = Path(folder) / "warehouse.duckdb"
        shutil.copy(settings.warehouse, copy)
        with connect(copy) as con:
            present = {row[0] for row in con.sql("select source from parts.files_used").fetchall()}
            catalog = load_catalog(own.catalog)
            catalog = restrict(catalog, reads_of(catalog.queries), present)
            run(Draft(con, own, catalog, part))


def run(draft: Draft) -> None:
    """Time every writer on *draft*, then look at what was written."""
    print(f"{'output':<20} {'ours':>9} {'floor':>9} {'ratio':>6} {'at most':>8}")
    broken = False
    for writer in WRITERS:
        own, floor = measure(writer, draft)
        most = f"{writer.most:8.2f}" if writer.most else ""
        print(
            f"{writer.name:<20} {own:7.2f} s {floor:7.2f} s {own / floor:6.2f} {most}", flush=True
        )
        broken |= bool(writer.most) and own / floor > (writer.most or 0)
    sizes = {path: path.stat().st_size for path in draft.folder.rglob("*") if path.is_file()}
    largest = max(sizes, key=lambda path: sizes[path])
    print(f"{sum(sizes.values()) / 1e6:.0f} MB in {len(sizes)} files, of which the largest is")
    print(f"{largest.relative_to(draft.folder)}, {sizes[largest] / 1e6:.0f} MB")
    sys.exit(broken or sizes[largest] > MOST_BYTES)


if __name__ == "__main__":
    main()
