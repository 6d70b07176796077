"""Time of every output of a release against the least that it could take, in one run.

    python benchmarks/publish.py [FOLDER]

FOLDER is a project that was run, this one unless given: its warehouse, reports and latest release
are read, and nothing in it is written. An output is one line of `list_writers`: what writes it, and
its floor, which writes the same rows with the bare tool (COPY of DuckDB, xlsxwriter, GDAL, a hash),
or where there is none the same bytes again. Each is timed RUNS times, in turns, and the least of
each counts: in seconds of processor, of all threads, so that a busy machine does not change what is
found. Sizes and the largest file are told too. `benchmarks/site.py` measures the site.
"""

import hashlib
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import xlsxwriter

from flows.catalog import load_catalog
from flows.catalog.lineage import restrict
from flows.changes.compare import compare
from flows.changes.sides import Side, read_side
from flows.files import files_of, sha256_of
from flows.handover import Report, read_report
from flows.publish.api import write_api
from flows.publish.boundaries import write_boundaries
from flows.publish.changes import tell_changes, write_changes, write_delta
from flows.publish.database import STORAGE_VERSION, write_database
from flows.publish.datapackage import write_datapackage
from flows.publish.dcat.records import CatalogRecord
from flows.publish.dcat.write import write_catalogues
from flows.publish.draft import Draft
from flows.publish.issues import find_issues, write_issues
from flows.publish.release import find_latest, read_manifest, write_sums
from flows.publish.reports import write_reports
from flows.publish.sdmx import write_sdmx
from flows.publish.tables import write_csvs, write_parquets
from flows.publish.wide import list_wides, write_wides
from flows.publish.workbook import write_workbooks
from flows.settings import Settings
from flows.warehouse import connect, reads_of, shared_sql

ROOT = Path(__file__).parent.parent
RUNS = 2
CREATED, DRAFT = "2026-01-01", "draft"
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
        is_packed = (draft.folder.parent / DRAFT / f"data/{name}.csv.gz").is_file()
        kind = "gzip" if is_packed else "none"
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


def hash_release(draft: Draft) -> None:
    """The hash of every file that there is."""
    for path in files_of(draft.folder):
        hashlib.sha256((draft.folder / path).read_bytes())


def rewrite(*patterns: str) -> Callable[[Draft], None]:
    """The same bytes again: of the files of the draft, which stands beside, that match."""

    def write(bare: Draft) -> None:
        source = bare.folder.parent / DRAFT
        for pattern in patterns:
            for path in source.glob(pattern):
                if path.is_file():
                    target = bare.folder / path.relative_to(source)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(path.read_bytes())

    return write


@dataclass
class Others:
    """What writes the rest of a release, from what the project's latest release tells."""

    release: Path
    reports: dict[str, list[Report]]
    record: CatalogRecord | None = None

    def write_changes(self, draft: Draft) -> None:
        """Compare the warehouse with that release, and tell it."""
        after = Side({name: f"indicators.{name}" for name in draft.tables}, self.manifest)
        compared = compare(draft.con, read_side(self.release), after, {})
        tell_changes(draft, compared, "patch", None, [])
        write_delta(draft)
        write_changes(draft)

    def write_reports(self, draft: Draft) -> None:
        """The reports on the files, and what is told of them."""
        write_reports(draft, self.reports)
        write_issues(draft, find_issues(draft.catalog, self.reports, []))

    def write_catalogues(self, draft: Draft) -> None:
        """What DCAT, schema.org and Croissant tell, kept for the API."""
        self.record = write_catalogues(draft, self.manifest["inputs"])

    def write_api(self, draft: Draft) -> None:
        """The API, once the catalogues were written."""
        assert self.record
        write_api(draft, self.record)

    @property
    def manifest(self) -> dict[str, Any]:
        """What that release says of itself."""
        return read_manifest(self.release)


def list_writers(others: Others) -> tuple[Writer, ...]:
    """Every output but the site, in the order in which they describe each other."""
    return (
        Writer("parquet", write_parquets, copy_parquets, 1.5),
        Writer("csv", write_csvs, copy_csvs, 1.5),
        Writer("wide csv", write_wides, copy_wides),
        Writer("xlsx", lambda draft: write_workbooks(draft, CREATED), write_bare_workbooks),
        Writer("boundaries", write_boundaries, draw_by_gdal),
        Writer("jalon.duckdb", write_database, copy_tables),
        Writer("changes, delta", others.write_changes, rewrite("changes.json", "delta.csv")),
        Writer("sdmx", lambda draft: write_sdmx(draft, CREATED), rewrite("sdmx/*")),
        Writer("datapackage.json", lambda draft: write_datapackage(draft, CREATED), hash_files),
        Writer("reports, issues", others.write_reports, rewrite("reports/**/*", "issues.json")),
        Writer(
            "dcat, croissant",
            others.write_catalogues,
            rewrite("catalog*", "metadata/*", "schemas/*"),
        ),
        Writer("api", others.write_api, rewrite("api/**/*", "llms.txt")),
        Writer("SHA256SUMS", lambda draft: write_sums(draft.folder), hash_release),
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
        if writer.write is write_database:
            (draft.folder / "jalon.duckdb").unlink(missing_ok=True)
        own.append(time_of(writer.write, draft))
        with tempfile.TemporaryDirectory(dir=draft.folder.parent) as folder:
            if writer.floor in (hash_files, hash_release):
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
    release = find_latest(settings.public)
    if release is None or not settings.warehouse.is_file():
        sys.exit(f"{settings.root}: has no release and warehouse (`jalon run` makes them)")
    with tempfile.TemporaryDirectory() as folder:
        part = Path(folder) / DRAFT
        part.mkdir()
        copy = Path(folder) / "warehouse.duckdb"
        shutil.copy(settings.warehouse, copy)
        with connect(copy) as con:
            present = {row[0] for row in con.sql("select source from parts.files_used").fetchall()}
            catalog = load_catalog(own.catalog)
            catalog = restrict(catalog, reads_of(catalog.queries), present)
            others = Others(release, read_reports(settings, list(catalog.sources)))
            run(Draft(con, own, catalog, part), list_writers(others))


def read_reports(settings: Settings, names: list[str]) -> dict[str, list[Report]]:
    """What the project found in the files of each source."""
    valid = settings.data / "valid"
    return {
        name: [read_report(path.parent) for path in sorted((valid / name).glob("*/report.json"))]
        for name in names
    }


def run(draft: Draft, writers: tuple[Writer, ...]) -> None:
    """Time every writer on *draft*, then look at what was written."""
    print(f"{'output':<20} {'ours':>9} {'floor':>9} {'ratio':>6} {'at most':>8}")
    broken = False
    for writer in writers:
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
