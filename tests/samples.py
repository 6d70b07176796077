"""The samples of the sources of the network, packed as their publishers pack the whole file."""

import csv
import io
import re
import warnings
import zipfile
from pathlib import Path

import duckdb

from flows.catalog import Source, load_catalog
from flows.settings import Settings
from flows.steps.fetch.by_hand import give_file
from project import DATA

BANNER = "Une phrase au-dessus de l’en-tête"


def give_samples(settings: Settings) -> None:
    """Give every source of the network its sample, of which one row may be a third of all."""
    for path in (settings.catalog / "sources").glob("*.yml"):
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"max_(lost_)?percent: [\d.]+", r"max_\1percent: 60", text), "utf-8")
    for source in load_catalog(settings.catalog).sources.values():
        if source.is_live:
            give_sample(settings, source)


def give_sample(settings: Settings, source: Source) -> None:
    """Give *source* its sample, for each of its editions."""
    folder = settings.data / "samples"
    folder.mkdir(parents=True, exist_ok=True)
    for edition in source.addresses():
        packed = pack(source, find_sample(source, edition), folder)
        give_file(settings, source, packed, edition)
        packed.unlink()


def find_sample(source: Source, edition: int | None = None) -> Path:
    """The sample of one edition, or the one that serves for all."""
    suffix = source.format if source.format in ("json", "geojson") else "csv"
    own = DATA / f"{source.name}-{edition}.{suffix}"
    return own if own.is_file() else DATA / f"{source.name}.{suffix}"


def pack(source: Source, sample: Path, folder: Path) -> Path:
    """*sample* in the format, encoding and layout that the source's YAML declares."""
    path = folder / f"{source.name}.{source.format}"
    match source.format:
        case "csv":
            path.write_bytes(_with_banner(source, sample.read_text(encoding="utf-8")))
        case "xlsx" | "xls" | "ods":
            _write_workbook(source, sample, path)
        case "parquet":
            with duckdb.connect() as con:
                con.read_csv(str(sample), all_varchar=True).write_parquet(str(path))
        case _:
            path.write_bytes(sample.read_bytes())
    return _zip(source, path) if source.layout.member else path


def _with_banner(source: Source, text: str) -> bytes:
    header, *rows = text.splitlines(keepends=True)
    above = [f"{BANNER}\n"] * (source.layout.header_row - 1)
    below = [f"{BANNER}\n"] * source.layout.skipped_rows
    return "".join([*above, header, *below, *rows]).encode(source.csv.encoding)


def _write_workbook(source: Source, sample: Path, path: Path) -> None:
    """As XLSX whatever the format says: readers look at the bytes."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    with warnings.catch_warnings(action="ignore"):  # longer than Excel allows, as publishers do
        sheet.title = source.layout.sheet or "Feuille 1"
    header, *rows = csv.reader(io.StringIO(sample.read_text(encoding="utf-8")))
    for _ in range(source.layout.header_row - 1):
        sheet.append([BANNER])
    sheet.append(header)
    for _ in range(source.layout.skipped_rows):
        sheet.append([BANNER])
    for row in rows:
        sheet.append(row)
    book.save(path)


def _zip(source: Source, path: Path) -> Path:
    member = (source.layout.member or "").replace("*", "sample")
    packed = path.with_suffix(".zip")
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.write(path, member)
    path.unlink()
    return packed
