"""A source that is made up: establishments and their jobs, by commune and section of activity.

Nobody's numbers, but numbers like those that enterprises have: many communes with one or two
establishments of a section, and a few that make up most of the jobs. It is the same for the same
seed, says everywhere that it is synthetic, and is written into a copy of a catalogue alone: no
release holds it.
"""

import csv
import gzip
import hashlib
import io
import json
from pathlib import Path

import numpy as np
import yaml

NAME = "synthetic_establishments"
SEED = 35238
# The ten sections of INSEE's A10, with their establishments per 1,000 inhabitants and mean of jobs.
SECTIONS = {
    "az": (6.0, 1.2),
    "be": (4.0, 9.0),
    "fz": (8.0, 3.0),
    "gi": (16.0, 5.0),
    "jz": (3.0, 5.0),
    "kz": (2.5, 6.0),
    "lz": (4.0, 2.0),
    "mn": (13.0, 5.0),
    "oq": (11.0, 9.0),
    "ru": (8.0, 2.5),
}
HEADER = ["code_commune", "section", "etablissements", "emplois", "plus_grand"]
TEXT = {"fr": "Établissements inventés (données synthétiques)", "en": "Invented (synthetic)"}
SOURCE_SQL = """-- One row per commune and section with establishments: invented.
select
    code_commune as commune_code,
    section as section_code,
    etablissements as establishment_count,
    emplois as job_count,
    plus_grand as largest_job_count
from raw.synthetic_establishments
"""
INDICATOR_SQL = """-- One row per commune: its establishments of one section, all of them invented.
select
    communes.commune_code,
    '2026' as period,
    coalesce(invented.{count}, 0) as numerator,
    coalesce(invented.establishment_count, 0) as unit_count,
    coalesce({largest}, 0) as largest
from core.communes as communes
left join core.synthetic_establishments as invented
    on communes.commune_code = invented.commune_code and invented.section_code = '{section}'
where not communes.is_collectivity
"""
# What is counted, and the largest contribution to it.
COUNTS = {
    "establishments": ("establishment_count", "0"),  # none is greater than another
    "jobs": ("job_count", "invented.largest_job_count"),
}
RULE = {"kind": "enterprises"}


def invent_rows(inhabitants: dict[str, int]) -> list[list[str | int]]:
    """The rows of the file, from the inhabitants of each commune."""
    drawn = np.random.default_rng(SEED)
    codes = sorted(inhabitants)
    people = np.array([inhabitants[code] for code in codes]) / 1000
    rows: list[list[str | int]] = []
    for section, (rate, jobs) in SECTIONS.items():
        counts = drawn.poisson(people * rate)
        for code, count in zip(codes, counts.tolist(), strict=True):
            if count:
                sizes = np.floor(drawn.lognormal(np.log(jobs) - 1.1, 1.5, count)).astype(int)
                rows.append([code, section, count, int(sizes.sum()), int(sizes.max())])
    return rows


def names() -> list[str]:
    """The indicators that are made of it."""
    return [f"synthetic_{kind}_{section}" for kind in COUNTS for section in SECTIONS]


def add_synthetic(root: Path, inhabitants: dict[str, int]) -> list[str]:
    """Write source, schema, file and indicators into the catalogue of the project at *root*."""
    rows = invent_rows(inhabitants)
    _write_source(root, rows)
    for name in names():
        _write_indicator(root / "catalog" / "indicators", name)
    body = {"title": TEXT, "description": TEXT, "indicators": names()}
    _write_yaml(root / "catalog" / "datasets" / f"{NAME}.yml", body)
    return names()


def _write_source(root: Path, rows: list[list[str | int]]) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([HEADER, *rows])
    packed = gzip.compress(text.getvalue().encode(), mtime=0)
    folder = root / "catalog" / "snapshots" / NAME
    folder.mkdir(parents=True)
    (folder / f"{NAME}.csv.gz").write_bytes(packed)
    sha256 = hashlib.sha256(packed).hexdigest()
    told = {"retrieved": "2026-01-01", "modified": "2026-01-01"}
    _write_yaml(folder / "snapshot.yml", told | {"files": {f"{NAME}.csv.gz": {"sha256": sha256}}})
    body = {
        "title": TEXT,
        "publisher": "synthetic",
        "homepage": "https://jalon.example/synthetic",
        "snapshot": f"{NAME}/{NAME}.csv.gz",
        "licence": "lov2",
        "format": "csv",
        "cadence": "irregular",
        "geography": {"level": "commune", "vintage": 2026},
        "rows": {"min": 1, "max": 400_000},
    }
    sources = root / "catalog" / "sources"
    _write_yaml(sources / f"{NAME}.yml", body)
    (sources / f"{NAME}.sql").write_text(SOURCE_SQL, encoding="utf-8")
    fields = [{"name": name, "type": "integer", "constraints": {"minimum": 0}} for name in HEADER]
    fields[:2] = [{"name": name, "type": "string"} for name in HEADER[:2]]
    schema = {"name": NAME, "title": TEXT["en"], "fields": fields}
    path = root / "schemas" / "sources" / f"{NAME}.json"
    path.write_text(json.dumps(schema), encoding="utf-8")


def _write_indicator(folder: Path, name: str) -> None:
    kind, section = name.split("_")[1:]
    count, largest = COUNTS[kind]
    title = {language: f"{text}: {kind} {section}" for language, text in TEXT.items()}
    unit = {"fr": kind, "en": kind}
    body = {
        "title": title,
        "description": title,
        "method": title,
        "unit": unit,
        "theme": "economy",
        "direction": "neutral",
        "rollup": "sum",
        "value": {"min": 0, "max": 100_000_000},
        "secrecy": RULE,
    }
    _write_yaml(folder / f"{name}.yml", body)
    query = INDICATOR_SQL.format(count=count, largest=largest, section=section)
    (folder / f"{name}.sql").write_text(query, encoding="utf-8")


def _write_yaml(path: Path, body: object) -> None:
    path.write_text(yaml.safe_dump(body, allow_unicode=True, sort_keys=False), encoding="utf-8")
