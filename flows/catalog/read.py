"""Read the catalogue whole; a wrong file names itself, the key, and the values that would do."""

from collections.abc import Hashable
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError

from flows.catalog.barometers import Barometer
from flows.catalog.destinations import KINDS, Destination
from flows.catalog.model import Model
from flows.catalog.models import (
    Catalog,
    Dataset,
    Indicator,
    Licence,
    Package,
    Publication,
    SizeClasses,
    Source,
    Table,
    Territory,
    Theme,
)
from flows.catalog.promises import Acceptance, Retention
from flows.catalog.secrecy import SecrecyRule
from flows.catalog.similarity import Similarity
from flows.catalog.targets import Target
from flows.errors import CatalogError

M = TypeVar("M", bound=Model)
WITH_SQL: dict[str, type[Model]] = {
    "sources": Source,
    "tables": Table,
    "indicators": Indicator,
    "publications": Publication,
}


class _StrictLoader(yaml.CSafeLoader):
    """YAML without its two traps: a key given twice, and 01001 read as the number 513."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [self.construct_object(key) for key, _ in node.value]
        if twice := sorted({str(key) for key in keys if keys.count(key) > 1}):
            raise yaml.constructor.ConstructorError(
                None, None, f"key given twice: {', '.join(twice)}", node.start_mark
            )
        return super().construct_mapping(node, deep=deep)

    def construct_number(self, node: yaml.ScalarNode) -> int:
        digits = node.value.lstrip("+-").replace("_", "")
        if len(digits) > 1 and digits.startswith("0"):
            raise yaml.constructor.ConstructorError(
                None,
                None,
                f"{node.value} would lose its zero: write '{node.value}'",
                node.start_mark,
            )
        return int(self.construct_yaml_int(node))


_StrictLoader.add_constructor("tag:yaml.org,2002:int", _StrictLoader.construct_number)


def load_catalog(folder: Path) -> Catalog:
    """Every file under *folder*.

    Raises CatalogError on the first file that does not hold.
    """
    rules = _load_words(folder / "secrecy.yml", SecrecyRule)
    kinds: dict[str, dict[str, Any]] = {
        kind: _load_folder(folder / kind, model, {"secrecy": rules})
        for kind, model in WITH_SQL.items()
    }
    targets = _load_folder(folder / "targets", Target)
    asked = {name: each for name, each in targets.items() if not each.indicator}
    named = {**kinds, "targets": asked}
    accepted = folder / "accepted.yml"  # written by `jalon accept`, the first time
    return Catalog(
        package=_load_file(folder / "package.yml", Package),
        themes=_load_words(folder / "themes.yml", Theme),
        licences=_load_words(folder / "licences.yml", Licence),
        size_classes=_load_words(folder / "size_classes.yml", SizeClasses),
        secrecy=rules,
        similarity=_load_file(folder / "similarity.yml", Similarity),
        datasets=_load_folder(folder / "datasets", Dataset),
        territories=_load_folder(folder / "territories", Territory),
        barometers=_load_folder(folder / "barometers", Barometer),
        targets=targets,
        destinations=_load_destinations(folder / "destinations.yml"),
        accepted=_load_words(accepted, Acceptance) if accepted.is_file() else {},
        retention=_load_file(folder / "retention.yml", Retention),
        queries={kind: _load_queries(folder / kind, each) for kind, each in named.items()},
        **kinds,
    )


def read_yaml(path: Path) -> dict[str, Any]:
    """The mapping that *path* holds, read without YAML's traps."""
    try:
        # The loader is a safe one: it adds refusals to CSafeLoader.
        body = yaml.load(_read_text(path), _StrictLoader)
    except FileNotFoundError as error:
        raise CatalogError(str(path), "no such file") from error
    except yaml.MarkedYAMLError as error:
        line = f" at line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise CatalogError(str(path), f"not YAML that we read{line}: {error.problem}") from error
    except yaml.YAMLError as error:
        problem = " ".join(str(error).split())
        raise CatalogError(str(path), f"not YAML that we read: {problem}") from error
    if not isinstance(body, dict):
        raise CatalogError(str(path), "must be a list of `key: value`")
    return body


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise CatalogError(str(path), "not written in UTF-8", hint="save it as UTF-8") from error


def _load_file(path: Path, model: type[M], context: dict[str, Any] | None = None) -> M:
    return _build(path, model, path.stem, read_yaml(path), context)


def _load_words(path: Path, model: type[M]) -> dict[str, M]:
    return {name: _build(path, model, name, body) for name, body in read_yaml(path).items()}


def _load_destinations(path: Path) -> dict[str, Destination]:
    return {
        name: _build(path, _destination_model(path, name, body), name, body)
        for name, body in read_yaml(path).items()
    }


def _destination_model(path: Path, name: str, body: Any) -> type[Destination]:
    kind = body.get("kind") if isinstance(body, dict) else None
    if kind not in KINDS:
        known = ", ".join(KINDS)
        raise CatalogError(str(path), f"{name}: unknown kind '{kind}' (known: {known})")
    return KINDS[kind]


def _load_folder(
    folder: Path, model: type[M], context: dict[str, Any] | None = None
) -> dict[str, M]:
    """A *context* is what the model must know of other files."""
    if odd := sorted(p.name for p in folder.glob("*") if p.suffix not in {".yml", ".sql"}):
        raise CatalogError(str(folder / odd[0]), "only .yml and .sql files belong here")
    return {path.stem: _load_file(path, model, context) for path in sorted(folder.glob("*.yml"))}


def _load_queries(folder: Path, named: dict[str, Any]) -> dict[str, str]:
    found = {path.stem: path for path in sorted(folder.glob("*.sql"))}
    if alone := sorted(set(found) - set(named)):
        raise CatalogError(str(found[alone[0]]), f"no {alone[0]}.yml beside it")
    if missing := sorted(set(named) - set(found)):
        raise CatalogError(str(folder / f"{missing[0]}.yml"), f"no {missing[0]}.sql beside it")
    return {name: _read_text(path) for name, path in found.items()}


def _build(
    path: Path, model: type[M], name: str, body: Any, context: dict[str, Any] | None = None
) -> M:
    if not isinstance(body, dict):
        raise CatalogError(str(path), f"{name}: must be a list of `key: value`")
    if "name" in body:
        raise CatalogError(str(path), f"unknown key name: it is called {name} already")
    try:
        return model.model_validate({"name": name, **body}, context=context)
    except ValidationError as error:
        # A key misspelt is also a key missing: what was written is more to the point.
        first = min(error.errors(), key=lambda each: each["type"] != "extra_forbidden")
        key = ".".join(str(part) for part in first["loc"]) or "the file"
        problem = first["msg"].removeprefix("Value error, ")
        if first["type"] == "extra_forbidden":
            problem = f"unknown key (known: {', '.join(_known_keys(model, first['loc']))})"
        raise CatalogError(str(path), f"{key}: {problem}") from error


def _known_keys(model: type[BaseModel], loc: tuple[str | int, ...]) -> list[str]:
    """The keys that would do where *loc* has one that is not known."""
    for part in loc[:-1]:
        field = model.model_fields.get(str(part))
        if field:
            kinds = [field.annotation, *get_args(field.annotation)]
            model = next(k for k in kinds if isinstance(k, type) and issubclass(k, BaseModel))
    return sorted(set(model.model_fields) - {"name"})
