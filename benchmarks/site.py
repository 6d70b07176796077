"""The site of a national release: time, against the bare writing of its files, and weight.

`python benchmarks/site.py [PROJECT]`: PROJECT holds a warehouse and a release (default: here).
"""

import json
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from flows.catalog import Text, load_catalog
from flows.catalog.lineage import restrict
from flows.files import read_json
from flows.handover import Issue, read_report
from flows.publish.dcat.gather import gather_records
from flows.publish.draft import Draft, PublishedFile
from flows.publish.release import find_latest, read_manifest
from flows.publish.site import write_site
from flows.settings import Settings, find_settings
from flows.spatial import load_spatial
from flows.warehouse import connect, reads_of, shared_sql

MOST_SECONDS, MOST_BYTES = 60, 80_000_000  # of the whole site of a national release
WRITTEN = ("fr", "en", "assets", "index.html", "robots.txt")
KINDS = {"COM-": "commune", "EPCI-": "epci", "DEP-": "departement", "REG-": "region"}


def main() -> None:
    """Build, and tell time, floor, weights, and what an indicator adds."""
    settings = find_settings(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole"
        seconds, processor = build(settings, whole)
        floor = rewrite(whole, Path(folder) / "floor")
        weights, counts = weigh(whole)
        added = weigh_indicators(whole)
    weight = sum(weights.values())
    print(
        f"site          {seconds:6.1f} s, {processor:.1f} s of processor"
        f" ({judge(processor, MOST_SECONDS)} of at most {MOST_SECONDS} s)"
    )
    print(f"floor         {floor:6.1f} s to write the same bytes; {seconds / floor:.1f} times that")
    print(
        f"weight        {weight / 1e6:6.1f} MB in {sum(counts.values()):,} files"
        f" ({judge(weight, MOST_BYTES)} of at most {MOST_BYTES / 1e6:.0f} MB)"
    )
    for kind in sorted(weights):
        each = weights[kind] / counts[kind]
        files = f"{counts[kind]:>7,} files, {each:>9,.0f} bytes each"
        print(f"  {kind:<12}{weights[kind] / 1e6:6.1f} MB, {files}")
    print(f"an indicator  {added / 1e3:6.0f} kB of pages, charts and values of its own, on average")


def judge(measured: float, most: float) -> str:
    """Whether a limit is kept, in a word."""
    return "kept" if measured <= most else "NOT KEPT"


def build(settings: Settings, folder: Path) -> tuple[float, float]:
    """Write the site into *folder*, beside what it reads; seconds, and those of processor."""
    release = find_latest(settings.public)
    assert release, "run the project first"
    folder.mkdir()
    for path in release.iterdir():
        if path.name not in WRITTEN and not path.name.startswith("sitemap"):
            (folder / path.name).symlink_to(path)
    every = load_catalog(settings.catalog)
    valid = settings.data / "valid"
    present = {path.name for path in valid.iterdir()}
    catalog = restrict(every, reads_of(every.queries), present)
    reports = {
        name: [read_report(path.parent) for path in sorted((valid / name).glob("*/report.json"))]
        for name in catalog.sources
    }
    told = json.loads((release / "issues.json").read_text(encoding="utf-8"))["issues"]
    issues = [Issue(**each) for each in told]
    manifest = read_manifest(release)
    with connect(settings.warehouse, read_only=True) as con:
        draft = Draft(con, settings, catalog, folder, manifest["version"], files=described(release))
        load_spatial(con)
        con.execute(shared_sql("boundaries"))  # the record of the catalogue tells their boxes
        record = gather_records(draft, manifest["inputs"])
        began, used = time.perf_counter(), time.process_time()
        write_site(draft, reports, issues, manifest["data_modified"], record)
        return time.perf_counter() - began, time.process_time() - used


def described(release: Path) -> list[PublishedFile]:
    """The files of *release* that hold tables, as its data package describes them."""
    return [
        PublishedFile(
            each["name"],
            each["path"],
            Text(fr=each["title"], en=each["title_en"]),
            Text(fr=each["description"], en=each["description_en"]),
            each.get("schema", {}),
        )
        for each in read_json(release / "datapackage.json")["resources"]
    ]


def weigh_indicators(folder: Path) -> float:
    """Bytes of the files that are of one indicator alone: pages, charts and values."""
    values = sorted((folder / "assets" / "values").glob("*.json"))
    own = [path for path in site_files(folder) if is_of_one(path.relative_to(folder).as_posix())]
    return sum(path.stat().st_size for path in own) / max(len(values), 1)


def is_of_one(path: str) -> bool:
    """Whether a file is of one indicator alone."""
    return path.startswith(("assets/charts/", "assets/values/")) or (
        path.startswith(("fr/indicateur/", "en/indicator/")) and path.count("/") > 2
    )


def rewrite(source: Path, target: Path) -> float:
    """How long the same bytes take to be written, and nothing else."""
    files = [(path.relative_to(source), path.read_bytes()) for path in site_files(source)]
    began = time.perf_counter()
    for path, content in files:
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        (target / path).write_bytes(content)
    seconds = time.perf_counter() - began
    shutil.rmtree(target)
    return seconds


def site_files(folder: Path) -> list[Path]:
    """The files of the site, without what it only reads."""
    return [
        path
        for name in ("fr", "en", "assets")
        for path in sorted((folder / name).rglob("*"))
        if path.is_file()
    ]


def weigh(folder: Path) -> tuple[Counter[str], Counter[str]]:
    """Bytes and files by kind of page."""
    weights: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    for path in site_files(folder):
        parts = path.relative_to(folder).parts
        name = parts[2] if len(parts) > 3 else ""
        kind = next(
            (kind for prefix, kind in KINDS.items() if name.startswith(prefix)), "other pages"
        )
        if parts[0] == "assets":
            kind = "assets"
        if len(parts) > 3 and parts[1] in ("indicateur", "indicator"):
            kind = "indicator"
        weights[kind] += path.stat().st_size
        counts[kind] += 1
    return weights, counts


if __name__ == "__main__":
    main()
