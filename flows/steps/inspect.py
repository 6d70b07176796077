"""Inspect: all that can be known to be wrong with the catalogue before any data is read."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import get_args

from flows.catalog import MADE_BY_STEPS, Catalog, Indicator, Source
from flows.catalog.lineage import licence_of, sources_of
from flows.catalog.models import Level
from flows.errors import CatalogError
from flows.files import read_json
from flows.settings import Settings
from flows.warehouse import query_errors, reads_of, tables_read


def inspect_catalog(settings: Settings, catalog: Catalog) -> None:
    """Raise CatalogError on the first name that is not known or query that cannot run."""
    _know("catalog/package.yml", "licence", [catalog.package.licence], catalog.licences)
    for source in catalog.sources.values():
        where = f"catalog/sources/{source.name}.yml"
        _know(where, "licence", [source.licence], catalog.licences)
        _inspect_columns(settings, source, catalog.queries["sources"][source.name])
    for indicator in catalog.indicators.values():
        _inspect_indicator(catalog, indicator)
    _inspect_datasets(catalog)
    _inspect_publications(settings, catalog)
    _inspect_barometers(catalog)
    for variables in catalog.similarity.levels.values():
        asked = [each.indicator for each in variables]
        _know("catalog/similarity.yml", "indicator", asked, catalog.indicators)
    for target in catalog.targets.values():
        asked = [target.indicator] if target.indicator else []
        _know(f"catalog/targets/{target.name}.yml", "indicator", asked, catalog.indicators)
    _inspect_queries(catalog)
    _inspect_licences(catalog)


def _know(where: str, key: str, names: Iterable[str], known: Iterable[str]) -> None:
    """Every one of *names* is *known*; if not, say which names would do."""
    known = sorted(known)
    if unknown := sorted(set(names) - set(known)):
        raise CatalogError(where, f"unknown {key} '{unknown[0]}' (known: {', '.join(known)})")


def _inspect_licences(catalog: Catalog) -> None:
    """What is made of a source must be allowed to bear the licence under which it is published.

    All indicators meet in one table of observations, under the licence of the whole; a publication
    is a table of its own, which may bear another.
    """
    reads = reads_of(catalog.queries)
    for made in (name for name in reads if not name.startswith("core.")):
        licence = licence_of(catalog, reads, made).name
        if licence == catalog.package.licence or made.startswith("publications/"):
            continue
        sources = sources_of(catalog, reads, made)
        name = next(each for each in sources if catalog.sources[each].licence == licence)
        problem = (
            f"its licence {licence} asks that all that is made of it bears it too,"
            f" and cannot be combined with {catalog.package.licence}, that of {made}"
        )
        hint = "read another, or give the whole that licence in catalog/package.yml"
        raise CatalogError(f"catalog/sources/{name}.yml", problem, hint)


def _inspect_columns(settings: Settings, source: Source, query: str) -> None:
    """Every column of the schema is read by the SQL, or ignored by name."""
    path = settings.schemas / "sources" / f"{source.name}.json"
    fields = _read_fields(path)
    columns = [field["name"] for field in fields]
    _know(f"catalog/sources/{source.name}.yml", "column", source.public_columns, columns)
    code = re.sub(r"--.*", "", query).lower()
    _inspect_secrets(source, fields)
    unread = [
        name
        for name in (*columns, *(f"{each}_is_secret" for each in source.secret_values))
        if not re.search(rf"\b{re.escape(name.lower())}\b", code)
        and name not in source.ignored_columns
    ]
    if unread:
        raise CatalogError(
            f"catalog/sources/{source.name}.sql",
            f"does not read {', '.join(unread)}",
            f"read them, or list them in ignored_columns of {source.name}.yml",
        )


def _inspect_secrets(source: Source, fields: list[dict[str, str]]) -> None:
    """What marks a secret must reach us: as a number, it would be rejected, or be found missing."""
    where = f"catalog/sources/{source.name}.yml"
    types = {field["name"]: field.get("type", "any") for field in fields}
    _know(where, "column", source.secret_values, types)
    for column, marks in source.secret_values.items():
        if types[column] != "string" and set(marks) - {""}:
            problem = f"secret_values: {column} is read as {types[column]}, which no mark is"
            hint = f"make it a string in schemas/sources/{source.name}.json, with a pattern"
            raise CatalogError(where, problem, hint)


def _read_fields(path: Path, *keys: str) -> list[dict[str, str]]:
    """The fields of a Table Schema, each of which has a name and *keys*."""
    if not path.is_file():
        raise CatalogError(str(path), f"missing: {path.stem} has no Table Schema")
    try:
        fields = read_json(path)["fields"]
        odd = [
            key for field in fields for key in ("name", *keys) if not isinstance(field[key], str)
        ]
    except ValueError as error:
        raise CatalogError(str(path), f"not JSON: {error}") from error
    except (KeyError, TypeError) as error:
        lacks = str(error) if isinstance(error, KeyError) else "'fields'"
        hint = "give `fields`, each with its name and type"
        raise CatalogError(str(path), f"not a Table Schema: no {lacks}", hint) from error
    if odd:
        raise CatalogError(str(path), f"not a Table Schema: {odd[0]} must be text")
    return list(fields)


def _inspect_indicator(catalog: Catalog, indicator: Indicator) -> None:
    where = f"catalog/indicators/{indicator.name}.yml"
    _know(where, "theme", [indicator.theme], catalog.themes)
    levels = get_args(Level)
    if levels.index(indicator.published_from) < levels.index(indicator.level):
        raise CatalogError(
            where, f"published_from: {indicator.published_from} is finer than its level"
        )
    rule = indicator.secrecy
    if rule != "none" and rule.hides_less(catalog.secrecy[rule.kind]) and not rule.reason:
        problem = f"secrecy: hides less than the rule of {rule.kind}"
        raise CatalogError(where, problem, "give a `reason`, in French and English")
    if indicator.rollup == "none" and indicator.published_from != indicator.level:
        raise CatalogError(where, "rollup: none is given at its own level only, see published_from")


def _inspect_datasets(catalog: Catalog) -> None:
    """Every indicator stands in one dataset, and in one only."""
    placed: dict[str, str] = {}
    for dataset in catalog.datasets.values():
        where = f"catalog/datasets/{dataset.name}.yml"
        _know(where, "indicator", dataset.indicators, catalog.indicators)
        for name in dataset.indicators:
            if name in placed:
                raise CatalogError(where, f"{name} stands in dataset {placed[name]} already")
            placed[name] = dataset.name
    if alone := sorted(set(catalog.indicators) - set(placed)):
        raise CatalogError(f"catalog/indicators/{alone[0]}.yml", "stands in no dataset")


def _inspect_publications(settings: Settings, catalog: Catalog) -> None:
    for name in ("territories", "indicators", "observations", *catalog.publications):
        path = settings.schemas / "published" / f"{name}.json"
        fields = _read_fields(path, "description", "description_en")
        if name in catalog.publications:
            columns = [field["name"] for field in fields]
            where = f"catalog/publications/{name}.yml"
            _know(where, "column", catalog.publications[name].order_by, columns)


def _inspect_barometers(catalog: Catalog) -> None:
    """Every theme and indicator is known, and each indicator says which values are better."""
    for barometer in catalog.barometers.values():
        where = f"catalog/barometers/{barometer.name}.yml"
        _know(where, "theme", barometer.themes, catalog.themes)
        for name, component in barometer.components.items():
            _know(where, "indicator", [name, component.per or name], catalog.indicators)
            if catalog.indicators[name].direction == "neutral":
                problem = f"{name} is neutral, so that no value of it is better"
                raise CatalogError(where, problem, "give it a direction, or leave it out")


def _inspect_queries(catalog: Catalog) -> None:
    """Every query parses, and reads only the floor below its own."""
    core = [f"core.{name}" for name in (*catalog.sources, *catalog.tables, *MADE_BY_STEPS)]
    for kind, queries in catalog.queries.items():
        for name, query in queries.items():
            where = f"catalog/{kind}/{name}.sql"
            known = [f"raw.{name}"] if kind == "sources" else core
            _know(where, "table", _read_tables(where, query), known)


def _read_tables(where: str, query: str) -> frozenset[str]:
    if not query.startswith("-- "):
        raise CatalogError(where, "must begin with its grain, as in `-- One row per commune`")
    with query_errors(where):
        return tables_read(query)


def inspect_schemas(folder: Path) -> None:
    """Raise CatalogError on the first Table Schema that frictionless does not accept."""
    from frictionless import FrictionlessException, Schema

    for path in sorted(folder.rglob("*.json")):
        if path.name.endswith(".schema.json"):
            continue  # a JSON Schema, of what a command prints
        try:
            for field in Schema.from_descriptor(str(path)).fields:
                field.create_cell_reader()  # patterns are compiled here
        except FrictionlessException as error:
            problem = error.reasons[0].message if error.reasons else error.error.message
            raise CatalogError(str(path), f"not a Table Schema: {problem}") from error
        except re.error as error:
            problem = f"the pattern of {field.name} is not a regular expression: {error}"
            raise CatalogError(str(path), problem) from error
