"""A small whole project: the real catalogue and schemas on some rows of each real file.

Twelve communes of today: Rennes and two neighbours in one EPCI, Paris with two arrondissements, two
of Corsica, one without inhabitants, two of Mayotte, one that merged in 2019 (Valserhône), one pair
that was split in 2020 (Troarn and Sannerville), and two overseas collectivities.
"""

import gzip
import hashlib
import json
import re
import shutil
from pathlib import Path

from flows.catalog import load_catalog
from flows.catalog.lineage import restrict
from flows.catalog.models import Source
from flows.catalog.read import read_yaml
from flows.settings import Settings
from flows.warehouse import reads_of

ROOT = Path(__file__).parent.parent
DATA = Path(__file__).parent / "data"


def make_project(folder: Path) -> Settings:
    """A project in *folder* that runs like the real one, on the rows of tests/data."""
    ignore = shutil.ignore_patterns("snapshots")
    shutil.copytree(ROOT / "catalog", folder / "catalog", ignore=ignore)
    shutil.copytree(ROOT / "schemas", folder / "schemas")
    declare_few_members(folder / "catalog" / "territories" / "pays_de_rennes.yml")
    shutil.copy(ROOT / "requirements.lock", folder)
    for path in sorted((folder / "catalog" / "sources").glob("*.yml")):
        lower_bounds(path)
        write_snapshots(folder, path)
    return Settings(folder)


def leave_out(settings: Settings, *sources: str) -> None:
    """Take *sources* out of the catalogue, and all that reads them: what is left runs faster."""
    catalog = load_catalog(settings.catalog)
    present = catalog.sources.keys() - set(sources)
    kept = restrict(catalog, reads_of(catalog.queries), present)
    for kind in ("sources", "tables", "indicators", "publications", "datasets"):
        for path in (settings.catalog / kind).iterdir():
            if path.stem not in getattr(kept, kind):
                path.unlink()
    for kind in ("barometers", "targets"):
        for path in (settings.catalog / kind).iterdir():
            path.unlink()  # an indicator that is named nowhere is refused
    similarity = settings.catalog / "similarity.yml"
    gone = "|".join(catalog.indicators.keys() - kept.indicators.keys())
    text = similarity.read_text(encoding="utf-8")
    named = re.sub(rf"(?m)^    - {{indicator: ({gone})\b.*\n", "", text)
    similarity.write_text(named, encoding="utf-8")
    for path in (settings.catalog / "datasets").iterdir():
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(rf"(?m)^  - ({gone})\n", "", text), encoding="utf-8")


def declare_few_members(path: Path) -> None:
    """Ask for the one member that is among the communes here."""
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"(?m)^  - (?!EPCI-243500139).*\n", "", text), encoding="utf-8")


def lower_bounds(path: Path) -> None:
    """Promise one row where the whole file has thousands."""
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"rows: \{min: \d+", "rows: {min: 1", text), encoding="utf-8")


def write_snapshots(folder: Path, path: Path) -> None:
    """The snapshots that a source's YAML names, packed from tests/data."""
    source = read_yaml(path)
    if "snapshot" not in source:
        return
    for edition in source.get("editions", [None]):
        address = source["snapshot"].format(edition=edition)
        sample = DATA / Path(address).name.removesuffix(".gz")
        put_snapshot(folder, address, sample.read_bytes())


def put_snapshot(folder: Path, address: str, content: bytes) -> Path:
    """Pack *content* as a snapshot of *folder*, and say so in its sidecar."""
    packed = gzip.compress(content, mtime=0)
    path = folder / "catalog" / "snapshots" / address
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(packed)
    describe_snapshot(path)
    return path


def describe_snapshot(path: Path) -> None:
    """Make the sidecar of *path* tell the hash that it has."""
    sidecar = path.parent / "snapshot.yml"
    told = {"retrieved": "2026-11-22", "modified": "2026-08-04", "files": {}}
    if sidecar.exists():
        told = read_yaml(sidecar)
    told["files"][path.name] = {"sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    sidecar.write_text(json.dumps(told, default=str), encoding="utf-8")


def make_source(**changes):
    """A source named x, which has no address but the one in *changes*."""
    body = {
        "name": "x",
        "title": {"fr": "x", "en": "x"},
        "publisher": "p",
        "homepage": "h",
        "licence": "lov2",
        "cadence": "yearly",
        "format": "csv",
        "rows": {"min": 1, "max": 100},
    }
    return Source.model_validate(body | changes)
