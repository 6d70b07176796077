"""New: the files of a source or of an indicator, from templates that `jalon check` accepts.

The templates are small worked examples: what they say holds, and is replaced line by line.
"""

import gzip
import hashlib
import json
from datetime import date
from pathlib import Path
from string import Template

from pydantic import TypeAdapter, ValidationError

from flows.catalog import Catalog, Dataset, load_catalog
from flows.catalog.model import Name
from flows.errors import CatalogError
from flows.files import machine_errors
from flows.settings import Settings

SOURCE_YML = """\
title:
  fr: "Bibliothèques ouvertes au public, par commune"
  en: "Libraries open to the public, by commune"
publisher: Name of the publisher
homepage: https://www.data.gouv.fr/
snapshot: $name/$name.csv.gz
licence: $licence
format: csv
cadence: yearly
geography: {level: commune, vintage: $year}
rows: {min: 1, max: 40000}
public_columns: [code_commune, nombre]
quirks:
  - The rows are a sample, until the publisher's file takes their place.
"""
SOURCE_SQL = """\
-- One row per commune.
select
    code_commune as commune_code,
    nombre as library_count
from raw.$name
"""
SAMPLE = """\
code_commune,nombre
2A004,5
35051,2
35238,13
75056,71
97611,1
"""
FIELDS = [
    {
        "name": "code_commune",
        "type": "string",
        "constraints": {
            "required": True,
            "pattern": "^(0[1-9]|[1-8][0-9]|9[0-578]|2[AB])[0-9]{3}$",
        },
    },
    {"name": "nombre", "type": "integer", "constraints": {"required": True, "minimum": 0}},
]
INDICATOR_YML = """\
title:
  fr: "Part des habitants vivant dans une commune de 10 000 habitants ou plus"
  en: "Share of inhabitants who live in a commune of 10,000 or more"
description:
  fr: >-
    Part de la population municipale qui réside dans une commune d’au moins 10 000 habitants.
  en: >-
    Share of the municipal population that lives in a commune of at least 10,000 inhabitants.
method:
  fr: >-
    Le seuil s’apprécie chaque année de référence, sur la carte actuelle. L’année est celle du
    recensement de référence, non celle de la publication.
  en: >-
    The threshold is applied in each reference year, on today’s map. The year is the census
    reference year, not that of publication.
unit:
  fr: "%"
  en: "%"
per: 100
theme: $theme
direction: neutral
rollup: ratio
published_from: epci
decimals: 1
value: {min: 0, max: 100}
secrecy: none
"""
INDICATOR_SQL = """\
-- One row per commune of today and census reference year.
select
    commune_code,
    census_year as period,
    case when inhabitants >= 10000 then inhabitants else 0 end as numerator,
    inhabitants as denominator,
    estimation
from core.population
"""


def create_source(settings: Settings, name: str) -> list[Path]:
    """Write the YAML, SQL, schema, snapshot and sample of a source; the files written.

    Raises CatalogError when the name is taken or is not in snake_case.
    """
    catalog = load_catalog(settings.catalog)
    refuse_name(name, {*catalog.sources, *catalog.tables}, "a source or table")
    folder = settings.catalog / "snapshots" / name
    packed = gzip.compress(SAMPLE.encode(), mtime=0)
    licence, map_year = catalog.package.licence, _map_year(catalog)
    words = {"name": name, "licence": licence, "year": str(map_year)}
    return write_all(
        {
            settings.catalog / "sources" / f"{name}.yml": _fill(SOURCE_YML, words),
            settings.catalog / "sources" / f"{name}.sql": _fill(SOURCE_SQL, words),
            settings.schemas / "sources" / f"{name}.json": _as_json(_table_schema(name)),
            folder / f"{name}.csv.gz": packed,
            folder / "snapshot.yml": _sidecar(name, packed, licence, map_year),
            settings.root / "tests" / "data" / f"{name}.csv": SAMPLE.encode(),
        }
    )


def create_indicator(settings: Settings, name: str, dataset: str) -> list[Path]:
    """Write the YAML and SQL of an indicator, and add it to *dataset*; the files written.

    Raises CatalogError when the name is taken or is not in snake_case, or the dataset is unknown.
    """
    catalog = load_catalog(settings.catalog)
    former = {old for each in catalog.indicators.values() for old in each.formerly}
    refuse_name(name, {*catalog.indicators, *former}, "an indicator")
    if dataset not in catalog.datasets:
        known = ", ".join(catalog.datasets)
        raise CatalogError(dataset, f"no such dataset (known: {known})")
    list_file = settings.catalog / "datasets" / f"{dataset}.yml"
    listed = _append(list_file, catalog.datasets[dataset], name)
    words = {"theme": _theme_of(catalog, dataset)}
    written = write_all(
        {
            settings.catalog / "indicators" / f"{name}.yml": _fill(INDICATOR_YML, words),
            settings.catalog / "indicators" / f"{name}.sql": _fill(INDICATOR_SQL, words),
        }
    )
    with machine_errors(list_file):
        list_file.write_text(listed, encoding="utf-8")
    return [*written, list_file]


def refuse_name(name: str, taken: set[str], kind: str) -> None:
    """Raise CatalogError unless *name* is in snake_case and nothing has it, or ever had it."""
    try:
        TypeAdapter(Name).validate_python(name)
    except ValidationError as error:
        hint = "small letters, digits and _, from a letter on, at most 50: library_count"
        raise CatalogError(name, "not a name in snake_case", hint) from error
    if name in taken:
        raise CatalogError(name, f"the name of {kind} already", "choose another name")


def write_all(contents: dict[Path, bytes]) -> list[Path]:
    """Write all the files, or none when one of them is there already."""
    for path in contents:
        if path.exists():
            raise CatalogError(str(path), "is there already", "choose another name, or remove it")
    for path, content in contents.items():
        with machine_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    return list(contents)


def _fill(template: str, words: dict[str, str]) -> bytes:
    return Template(template).substitute(words).encode()


def _as_json(body: object) -> bytes:
    return (json.dumps(body, indent=2, ensure_ascii=False) + "\n").encode()


def _table_schema(name: str) -> dict[str, object]:
    return {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "name": name,
        "title": "Libraries open to the public, by commune",
        "fields": FIELDS,
        "primaryKey": ["code_commune"],
    }


def _map_year(catalog: Catalog) -> int:
    """The newest edition that a source has: codes of the sample are on that map."""
    return max(edition for source in catalog.sources.values() for edition in source.editions)


def _sidecar(name: str, packed: bytes, licence: str, vintage: int) -> bytes:
    """What a snapshot must tell of itself."""
    sha256 = hashlib.sha256(packed).hexdigest()
    today = date.today().isoformat()
    return f"""\
---
title: Libraries open to the public, by commune
publisher: Name of the publisher
homepage: https://www.data.gouv.fr/
data_licence: {licence}
package_licence: {licence}
package: []
retrieved: {today}
modified: {today}
removed: []
notes:
  - A sample of five rows, until the publisher's file takes its place.
files:
  {name}.csv.gz:
    vintage: {vintage}
    sha256: {sha256}
    bytes: {len(packed)}
    rows: {len(SAMPLE.splitlines()) - 1}
""".encode()


def _theme_of(catalog: Catalog, dataset: str) -> str:
    """The theme of the dataset's first indicator: its neighbours serve the same goal."""
    return catalog.indicators[catalog.datasets[dataset].indicators[0]].theme


def _append(path: Path, dataset: Dataset, name: str) -> str:
    """The text of a dataset's file with *name* after its last indicator; comments stay."""
    lines = path.read_text(encoding="utf-8").splitlines()
    last = dataset.indicators[-1]
    places = [place for place, line in enumerate(lines) if line.strip() == f"- {last}"]
    if not places:
        hint = f"write its indicators one a line, as in `  - {last}`"
        raise CatalogError(str(path), "cannot add to this list", hint)
    indent = lines[places[-1]].split("-")[0]
    lines.insert(places[-1] + 1, f"{indent}- {name}")
    return "\n".join(lines) + "\n"
