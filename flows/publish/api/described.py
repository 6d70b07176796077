"""Described: schemas/ and openapi.json, from the shapes; and index.json, which lists every file."""

from typing import Any
from urllib.parse import urljoin

from pydantic.json_schema import models_json_schema

from flows.files import read_json
from flows.publish.api.columns import API, write_body
from flows.publish.api.shapes import SHAPES, schema_of
from flows.publish.draft import Draft

DIALECT = "https://json-schema.org/draft/2020-12/schema"
JSON = "application/json"
RELEASES = "ReleaseList"
# Address, shape, what it is, and an example of each part of the address that varies.
STATIC: tuple[tuple[str, str, str, dict[str, str]], ...] = (
    ("territories.json", "territories", "Every territory of today, by level", {}),
    ("territories/{territory}.json", "territory", "One territory", {"territory": "DEP-35"}),
    ("communes/{group}.json", "territory", "The communes of one EPCI", {"group": "EPCI-243500139"}),
    ("successors.json", "successors", "Where vanished territories lie today", {}),
    ("indicators.json", "indicators", "The cards of all indicators", {}),
    (
        "indicators/{indicator}.json",
        "indicator",
        "One indicator: its card and its newest values",
        {"indicator": "population"},
    ),
    ("datasets.json", "datasets", "Every dataset, its files, sources and feed", {}),
    ("issues.json", "issues", "What was rejected, corrected or lost", {}),
    ("index.json", "index", "Every file of the API", {}),
)
FILTERS = {
    "indicator": ("Names of indicators, with commas between; old names too", "population"),
    "level": ("Levels, with commas between", "epci"),
    "territory": ("Ids of territories, with commas between", "COM-35238,DEP-35"),
    "period": ("Periods, with commas between", "2023"),
}


def write_described(draft: Draft) -> list[str]:
    """Write the schemas and the OpenAPI description; their paths."""
    paths = ["openapi.json"]
    base = draft.catalog.package.base_url
    releases = read_json(draft.settings.schemas / "releases.schema.json")
    schemas = {name: schema_of(name) for name in SHAPES} | {"releases": releases}
    for name, schema in schemas.items():
        paths.append(f"schemas/{name}.json")
        head = {"$schema": DIALECT, "$id": f"{base}{API}/{paths[-1]}"}
        write_body(draft, paths[-1], {**schema, **head}, indent=1)
    write_body(draft, "openapi.json", _openapi(draft, releases), indent=1)
    return paths


def write_index(draft: Draft, paths: list[str]) -> None:
    """Write index.json: every file of *paths*, and which schema it keeps to."""
    package = draft.catalog.package
    folder = draft.folder / API
    body = {
        "title": package.title.model_dump(),
        "version": draft.version,
        "licence": package.licence,
        "openapi": "openapi.json",
        "releases": package.releases_url("index.json"),
        "files": [
            {"path": path, "schema": _schema_for(path), "bytes": (folder / path).stat().st_size}
            for path in sorted(paths)
        ],
    }
    write_body(draft, "index.json", body)


def _schema_for(path: str) -> str | None:
    folder, _, name = path.rpartition("/")
    kinds = {"territories": "territory", "communes": "territory", "indicators": "indicator"}
    kind = kinds.get(folder) or ("" if folder else name.removesuffix(".json"))
    return f"schemas/{kind}.json" if kind in SHAPES else None


def _openapi(draft: Draft, releases: dict[str, Any]) -> dict[str, Any]:
    package = draft.catalog.package
    licence = draft.catalog.licences[package.licence]
    _, defined = models_json_schema(
        [(shape, "validation") for shape in SHAPES.values()],
        ref_template="#/components/schemas/{model}",
    )
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": DIALECT,
        "info": {
            "title": package.title.en,
            "description": f"{package.description.en}\n\n{package.description.fr}",
            "version": draft.version,
            "license": {"name": licence.title, "url": licence.path},
        },
        "servers": [{"url": package.base_url}],
        "paths": {
            **{f"/{API}/{told[0]}": _file(*told) for told in STATIC},
            f"/{API}/feeds/{{dataset}}.atom": _feed(),
            f"/{API}/query": _query(),
            **_of_releases(package.base_url),
        },
        "components": {"schemas": {**defined["$defs"], RELEASES: releases}},
    }


def _file(path: str, shape: str, summary: str, parts: dict[str, str]) -> dict[str, Any]:
    answers = {
        "200": _answer(summary, JSON, shape),
        "304": {"description": "As you have it: the ETag has not changed"},
        "404": {"description": "Nothing is published at this address"},
    }
    return {"get": _operation(path, summary, [_part(*each) for each in parts.items()], answers)}


def _feed() -> dict[str, Any]:
    parts = [_part("dataset", "population")]
    return {"get": _operation("feed", "What has changed in a dataset", parts, _answer_feed())}


def _of_releases(base: str) -> dict[str, Any]:
    """What stands beside the releases, one floor up; `latest/` is one of its neighbours."""
    told = "Every release, newest version first, those withdrawn or removed too"
    schema = {"$ref": f"#/components/schemas/{RELEASES}"}
    listed = {"200": {"description": told, "content": {JSON: {"schema": schema}}}}
    feed = "The releases, as they come"
    return {
        f"/releases/{name}": {"servers": [{"url": urljoin(base, "../")}], "get": operation}
        for name, operation in (
            ("index.json", _operation("releases", told, [], listed)),
            ("feed.atom", _operation("releases_feed", feed, [], _answer_feed())),
        )
    }


def _answer_feed() -> dict[str, Any]:
    kind = {"application/atom+xml": {"schema": {"type": "string"}}}
    return {"200": {"description": "An Atom feed", "content": kind}}


def _query() -> dict[str, Any]:
    """The one address that needs `jalon serve`: a static host does not have it."""
    parameters = [
        _parameter(name, {"type": "string"}, told, example)
        for name, (told, example) in FILTERS.items()
    ]
    formats = {"type": "string", "enum": ["json", "csv", "parquet"], "default": "json"}
    limits = {"type": "integer", "minimum": 1, "maximum": 10_000, "default": 1_000}
    parameters += [
        _parameter("format", formats, "How the rows are written", "json"),
        _parameter("limit", limits, "How many rows a page has", 1_000),
        _parameter("after", {"type": "string"}, "From the link to the next page", None),
    ]
    page = _answer("A page of observations; Link names the next one", JSON, "page")
    page["content"]["text/csv"] = {"schema": {"type": "string"}}
    page["content"]["application/vnd.apache.parquet"] = {"schema": {}}
    link = {"description": "The next page, if there is one", "schema": {"type": "string"}}
    page["headers"] = {"Link": link}
    answers = {
        "200": page,
        "304": {"description": "As you have it: the ETag has not changed"},
        "400": _answer("What is wrong, and what would do", JSON, "refusal"),
        "503": _answer("Too much was asked, or by too many at once", JSON, "refusal"),
    }
    summary = "Observations by indicator, level, territory and period (with `jalon serve`)"
    return {"get": _operation("query", summary, parameters, answers)}


def _operation(name: str, summary: str, parameters: list[Any], answers: Any) -> dict[str, Any]:
    words = name.removesuffix(".json").replace("{", "").replace("}", "").split("/")
    told = {"operationId": "_".join(words), "summary": summary, "responses": answers}
    return told | ({"parameters": parameters} if parameters else {})


def _part(name: str, example: str) -> dict[str, Any]:
    told = {"name": name, "in": "path", "required": True, "example": example}
    return told | {"schema": {"type": "string"}}


def _parameter(name: str, schema: dict[str, Any], told: str, example: Any) -> dict[str, Any]:
    body = {"name": name, "in": "query", "description": told, "schema": schema}
    return body if example is None else body | {"example": example}


def _answer(told: str, kind: str, shape: str) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{SHAPES[shape].__name__}"}
    return {"description": told, "content": {kind: {"schema": schema}}}
