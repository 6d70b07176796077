"""New from: the description of a source, drafted from its publisher's file, to be reviewed."""

import csv
import io
import json
import re
import unicodedata
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from flows.catalog import load_catalog
from flows.errors import CatalogError
from flows.national_schemas import find_national
from flows.new import refuse_name, write_all
from flows.recognise import Recognised, recognise
from flows.settings import Settings
from flows.steps.fetch.http import shared_client

REVIEW = "REVIEW"


def create_from(settings: Settings, told: str, name: str | None) -> tuple[list[Path], list[str]]:
    """Draft the source at *told*, an address or a path; the files written, and what to look at.

    The sample is the first ten rows, without the columns that may speak of a person. Raises
    PipelineError when it cannot be had or read, or its name is taken.
    """
    name = name or _name_of(told)
    catalog = load_catalog(settings.catalog)
    refuse_name(name, {*catalog.sources, *catalog.tables}, "a source or table")
    with TemporaryDirectory() as folder:
        path = Path(told)
        if re.match(r"https?://", told):
            path = Path(folder) / (told.split("?")[0].rstrip("/").rsplit("/", 1)[-1] or "file")
            _download(name, told, path)
        elif not path.is_file():
            raise CatalogError(told, "is neither an address nor a file", "give its https address")
        found = recognise(settings, path)
        if re.match(r"https?://", told):
            _propose_national(found)
    paths = write_all(_draft(settings, name, told, found, catalog.package.licence))
    return paths, _todo(found)


def _propose_national(found: Recognised) -> None:
    """Take the types of the national schema that the file follows, if it follows one."""
    national = find_national(found.labels)
    if national is None:
        return
    known = {each["name"]: each for each in national.descriptor["fields"]}
    fields = [known.get(each["name"], each) for each in found.schema["fields"]]
    found.schema = {**found.schema, "fields": fields}
    found.notes.append(f"it follows {national.name} of schema.data.gouv.fr, whose types are taken")


def _download(name: str, address: str, path: Path) -> None:
    with (
        shared_client().open(name, address, expects="any") as answer,
        path.open("wb") as file,
    ):
        file.writelines(answer.pieces)


def _name_of(told: str) -> str:
    """`Liste-FS 2024.csv` → liste_fs_2024."""
    stem = told.split("?")[0].rstrip("/").rsplit("/", 1)[-1].split(".")[0]
    return (to_snake(stem).lstrip("0123456789_") or "new_source")[:50]


def to_snake(text: str) -> str:
    """A name in small letters, digits and `_`, without accents."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")


def _draft(
    settings: Settings, name: str, told: str, found: Recognised, licence: str
) -> dict[Path, bytes]:
    suffix = found.format if found.format in ("json", "geojson") else "csv"
    return {
        settings.catalog / "sources" / f"{name}.yml": _yaml(name, told, found, licence),
        settings.catalog / "sources" / f"{name}.sql": _sql(name, found),
        settings.schemas / "sources" / f"{name}.json": _schema(name, found),
        settings.root / "tests" / "data" / f"{name}.{suffix}": _sample(found, suffix),
    }


def _public(found: Recognised) -> list[str]:
    return [label for label in found.labels if label not in found.private]


def _yaml(name: str, told: str, found: Recognised, licence: str) -> bytes:
    """What its YAML must say; what only a person knows is marked REVIEW."""
    body: dict[str, Any] = {
        "title": {"fr": f"{REVIEW} {name}", "en": f"{REVIEW} {name}"},
        "publisher": REVIEW,
        "homepage": "https://www.data.gouv.fr/",
        "url": told if told.startswith("http") else f"https://example.org/{name}",
        "licence": licence,
        "format": found.format,
        "cadence": "yearly",
    }
    if found.format == "csv":
        body["csv"] = {"delimiter": found.dialect.delimiter, "encoding": _encoding(found)}
    if found.layout:
        body["layout"] = found.layout
    if found.commune_column:
        body["geography"] = {"level": "commune", "vintage": found.vintage, "max_lost_percent": 1}
    body["rows"] = {"min": int(found.row_count * 0.85), "max": int(found.row_count * 1.5) + 10}
    if found.private:
        body["private_columns"] = found.private
    if found.commune_column:
        body["public_columns"] = [found.commune_column]
    body["quirks"] = [f"{REVIEW}: {note}." for note in found.notes or ["nothing was found"]]
    return yaml.safe_dump(body, allow_unicode=True, sort_keys=False, width=100).encode()


def _encoding(found: Recognised) -> str:
    names = {"iso8859-1": "latin-1", "utf_8": "utf-8", "utf-8-sig": "utf-8-sig"}
    told = found.dialect.encoding or "utf-8"
    return names.get(told, told)


def _sql(name: str, found: Recognised) -> bytes:
    """Each column under a name in snake_case; its unit and kind are for a person to add."""
    columns = []
    for label in _public(found):
        alias = "commune_code" if label == found.commune_column else to_snake(label) or "column_1"
        quoted = '"' + label.replace('"', '""') + '"' if to_snake(label) != label else label
        columns.append(f"    {quoted}" if quoted == alias else f"    {quoted} as {alias}")
    listed = ",\n".join(columns)
    return (
        f"-- One row per row of the file: {REVIEW}.\nselect\n{listed}\nfrom raw.{name}\n".encode()
    )


def _schema(name: str, found: Recognised) -> bytes:
    fields = [each for each in found.schema["fields"] if each["name"] not in found.private]
    body = {
        "$schema": found.schema["$schema"],
        "name": name,
        "title": f"{REVIEW} {name}",
        "fields": fields,
        "missingValues": found.schema["missingValues"],
    }
    return (json.dumps(body, indent=2, ensure_ascii=False) + "\n").encode()


def _sample(found: Recognised, suffix: str) -> bytes:
    places = [place for place, label in enumerate(found.labels) if label not in found.private]
    rows = [[row[place] for place in places] for row in found.sample]
    if suffix == "csv":
        text = io.StringIO(newline="")
        delimiter = found.dialect.delimiter or "," if found.format == "csv" else ","
        writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
        writer.writerows([_public(found), *rows])
        return text.getvalue().encode()
    return _document(found, rows, suffix)


def _document(found: Recognised, rows: list[list[str]], suffix: str) -> bytes:
    """The sample as JSON, nested as the publisher nests it."""
    objects: Any = [dict(zip(_public(found), row, strict=True)) for row in rows]
    if suffix == "geojson":
        features = [{"type": "Feature", "properties": o, "geometry": None} for o in objects]
        objects = {"type": "FeatureCollection", "features": features}
    for part in reversed(found.layout.get("rows", "").split("/")):
        objects = {part: objects} if part else objects
    return (json.dumps(objects, indent=1, ensure_ascii=False) + "\n").encode()


def _todo(found: Recognised) -> list[str]:
    """What a person must look at, in sentences."""
    todo = [f"written as {found.format}, {found.row_count:,} rows", *found.notes]
    if found.private:
        todo.append(f"taken for private, and dropped: {', '.join(found.private)}")
    if found.commune_column is None:
        todo.append("no column of commune codes was found")
    return [*todo, f"every line marked {REVIEW} waits for you"]
