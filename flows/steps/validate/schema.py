"""Schema: a Table Schema, read without frictionless where it is surely well made."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from flows.errors import CatalogError

Descriptor = dict[str, Any]
BOUNDS = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]
LENGTHS = ["minLength", "maxLength"]
BOUNDED = ["required", *BOUNDS, "enum"]
CONSTRAINTS = {
    "string": ["required", *LENGTHS, "pattern", "enum"],
    "integer": BOUNDED,
    "number": BOUNDED,
    "date": BOUNDED,
    "datetime": BOUNDED,
    "time": BOUNDED,
    "year": BOUNDED,
    "yearmonth": BOUNDED,
    "boolean": ["required", "enum"],
    "duration": ["required", "enum"],
    "geopoint": ["required", "enum"],
    "geojson": ["required", "enum"],
    "any": ["required", "enum"],
    "object": ["required", *LENGTHS, "enum"],
    "array": ["required", *LENGTHS, "enum"],
    "list": ["required", *LENGTHS],
}
TRUE_VALUES = ["true", "True", "TRUE", "1"]
FALSE_VALUES = ["false", "False", "FALSE", "0"]
MATCHES = ("exact", "equal", "subset", "superset", "partial")
PROFILES = re.compile(
    r"https://(specs\.frictionlessdata\.io|datapackage\.org|frictionlessdata\.io)/"
)


@dataclass(frozen=True)
class Field:
    """One field of a schema; `missing` are the texts that stand for no value."""

    name: str
    type: str
    format: str
    constraints: Descriptor
    missing: tuple[str, ...]
    descriptor: Descriptor

    @property
    def required(self) -> bool:
        """Whether a value must be given."""
        return bool(self.constraints.get("required"))


@dataclass(frozen=True)
class ForeignKey:
    """Fields whose values must stand in a resource, whose name is empty where it is the same."""

    fields: tuple[str, ...]
    resource: str
    reference: tuple[str, ...]


@dataclass(frozen=True)
class Schema:
    """A Table Schema; `unique_keys` hold lists of field names."""

    fields: tuple[Field, ...]
    match: str
    primary_key: tuple[str, ...]
    unique_keys: tuple[tuple[str, ...], ...]
    foreign_keys: tuple[ForeignKey, ...]
    custom_checks: tuple[Descriptor, ...]
    descriptor: Descriptor


def read_schema(path: Path) -> Schema:
    """The schema in the JSON file *path*. Raises CatalogError when it is not one."""
    try:
        descriptor = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise CatalogError(str(path), f"not JSON: {error}", "mend it, or give another") from error
    except OSError as error:
        raise CatalogError(str(path), f"cannot be read: {error.strerror}") from error
    return check_schema(descriptor, str(path))


def check_schema(descriptor: Any, where: str) -> Schema:
    """The schema of *descriptor*; *where* is for the message.

    What is not surely well made is put to frictionless. Raises CatalogError with its reasons.
    """
    if not isinstance(descriptor, dict) or not isinstance(descriptor.get("fields"), list):
        hint = "give `fields`, a list in which each has its name and type"
        raise CatalogError(where, "not a Table Schema: no `fields`", hint)
    _refuse_odd_kinds(descriptor, where)
    if not is_surely_valid(descriptor):
        _ask_frictionless(descriptor, where)
    _try_patterns(descriptor, where)
    return parse_schema(descriptor)


def _refuse_odd_kinds(descriptor: Descriptor, where: str) -> None:
    """Raise CatalogError on what frictionless would read as a file, or does not look at."""
    for number, field in enumerate(descriptor["fields"], start=1):
        if not isinstance(field, dict):
            hint = "give each field its name and type"
            raise CatalogError(where, f"not a Table Schema: field {number} is no object", hint)
    for key in ("uniqueKeys", "custom_checks"):
        if not isinstance(descriptor.get(key, []), list):
            raise CatalogError(where, f"not a Table Schema: {key} is no list", "mend or remove it")
    if not all(isinstance(key, str) or _are_texts(key) for key in descriptor.get("uniqueKeys", [])):
        hint = "give a list of names for each key"
        raise CatalogError(where, "not a Table Schema: uniqueKeys has other than names", hint)


def parse_schema(descriptor: Descriptor) -> Schema:
    """The schema of a *descriptor* known to be valid."""
    missing = _values(descriptor.get("missingValues", [""]))
    keys = descriptor.get("primaryKey") or []
    return Schema(
        fields=tuple(_parse_field(field, missing) for field in descriptor["fields"]),
        match=descriptor.get("fieldsMatch", "exact"),
        primary_key=(keys,) if isinstance(keys, str) else tuple(keys),
        unique_keys=tuple(tuple(_listed(key)) for key in descriptor.get("uniqueKeys", [])),
        foreign_keys=tuple(map(_parse_foreign_key, descriptor.get("foreignKeys", []))),
        custom_checks=tuple(
            check for check in descriptor.get("custom_checks", []) if isinstance(check, dict)
        ),
        descriptor=descriptor,
    )


def _parse_field(descriptor: Descriptor, missing: tuple[str, ...]) -> Field:
    own = descriptor.get("missingValues")
    return Field(
        name=descriptor["name"],
        type=descriptor.get("type", "string"),
        format=(descriptor.get("format") or "default").replace("fmt:", ""),
        constraints=descriptor.get("constraints", {}),
        missing=missing if own is None else _values(own),
        descriptor=descriptor,
    )


def _parse_foreign_key(told: Descriptor) -> ForeignKey:
    reference = told.get("reference", {})
    return ForeignKey(
        tuple(_listed(told.get("fields", []))),
        reference.get("resource", ""),
        tuple(_listed(reference.get("fields", []))),
    )


def _values(entries: list[Any]) -> tuple[str, ...]:
    """Missing values, which version 2 may label."""
    return tuple(entry["value"] if isinstance(entry, dict) else entry for entry in entries)


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def is_surely_valid(descriptor: Descriptor) -> bool:
    """Whether frictionless would surely take this schema; False is for what only it can say."""
    fields = descriptor["fields"]
    if not all(isinstance(field, dict) and _is_plain_field(field) for field in fields):
        return False
    names = [field["name"] for field in fields]
    keys = descriptor.get("primaryKey", [])
    return (
        len(set(names)) == len(names)
        and set(descriptor) & {"foreignKeys", "type"} == set()
        and (isinstance(keys, str) or _are_texts(keys))
        and set([keys] if isinstance(keys, str) else keys) <= {*names, ""}
        and _are_texts(descriptor.get("missingValues", []))
        and descriptor.get("fieldsMatch", "exact") in MATCHES
        and re.fullmatch(r"[-a-z0-9._/]+", str(descriptor.get("name", "x"))) is not None
        and all(isinstance(descriptor.get(key, ""), str) for key in ("title", "description"))
        and _has_known_profile(descriptor)
    )


def _has_known_profile(descriptor: Descriptor) -> bool:
    profile = descriptor.get("$schema", "https://datapackage.org/")
    return isinstance(profile, str) and PROFILES.match(profile) is not None


def _are_texts(values: Any) -> bool:
    return isinstance(values, list) and all(isinstance(value, str) for value in values)


def _is_plain_field(field: Descriptor) -> bool:
    """A field whose every property is of the right kind, and whose example is surely a value."""
    kind = field.get("type", "string")
    texts = ("name", "title", "description", "format", "rdfType", "decimalChar", "groupChar")
    return (
        isinstance(field.get("name"), str)
        and isinstance(kind, str)
        and kind in CONSTRAINTS
        and all(isinstance(field.get(key, ""), str) for key in texts)
        and (kind != "string" or field.get("format", "default") in STRING_FORMATS)
        and (kind != "geojson" or field.get("format", "default") in ("default", "topojson"))
        and all(_are_texts(field.get(key, [])) for key in ("trueValues", "falseValues"))
        and _are_texts(field.get("missingValues", []))
        and all(isinstance(field.get(key, True), bool) for key in ("bareNumber", "floatNumber"))
        and not {"required", "arrayItem", "itemType", "delimiter"} & set(field)
        and _are_plain_constraints(field.get("constraints", {}), kind)
        and _is_plain_example(field, kind)
    )


STRING_FORMATS = ("default", "email", "uri", "binary", "uuid", "wkt")


def _are_plain_constraints(constraints: Any, kind: str) -> bool:
    if not isinstance(constraints, dict):
        return False
    return set(constraints) <= {*CONSTRAINTS[kind], "unique"} - set(BOUNDS[2:]) and all(
        type(value) is CONSTRAINT_TYPES.get(name, type(value))
        for name, value in constraints.items()
    )


CONSTRAINT_TYPES: Mapping[str, type] = {
    "required": bool,
    "unique": bool,
    "pattern": str,
    "enum": list,
    "minLength": int,
    "maxLength": int,
}


def _is_plain_example(field: Descriptor, kind: str) -> bool:
    example = field.get("example")
    if not example:
        return True
    if not isinstance(example, str):
        return False
    if kind == "boolean":
        values = (field.get("trueValues", TRUE_VALUES), field.get("falseValues", FALSE_VALUES))
        return any(example in texts for texts in values)
    is_plain = PLAIN_EXAMPLES.get(kind)
    return field.get("format", "default") == "default" and bool(is_plain and is_plain(example))


def _is_iso_date(text: str) -> bool:
    try:
        return len(text) == 10 and bool(date.fromisoformat(text))
    except ValueError:
        return False


PLAIN_EXAMPLES: Mapping[str, Callable[[str], bool]] = {
    "string": lambda _: True,
    "any": lambda _: True,
    "integer": lambda text: re.fullmatch("[0-9]{1,18}", text) is not None,
    "number": lambda text: re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text) is not None,
    "year": lambda text: re.fullmatch("[0-9]{4}", text) is not None,
    "date": _is_iso_date,
}


def _ask_frictionless(descriptor: Descriptor, where: str) -> None:
    from frictionless import FrictionlessException
    from frictionless import Schema as Judge

    try:
        judge = Judge.from_descriptor(json.loads(json.dumps(descriptor)))
        for field in judge.fields:
            field.create_cell_reader()
    except FrictionlessException as error:
        reasons = [reason.note or reason.message for reason in error.reasons or [error.error]]
        raise CatalogError(where, f"not a Table Schema: {'; '.join(reasons[:3])}") from error
    except re.error:
        pass  # said with the field's name by _try_patterns
    except Exception as error:
        raise CatalogError(where, f"not a Table Schema: {error}") from error


def _try_patterns(descriptor: Descriptor, where: str) -> None:
    """Raise CatalogError on the first pattern that is not a regular expression of Python."""
    for field in descriptor["fields"]:
        pattern = (field.get("constraints") or {}).get("pattern")
        try:
            re.compile(f"^{pattern}$")
        except (re.error, OverflowError, RecursionError) as error:
            problem = f"the pattern of {field['name']} is not a regular expression: {error}"
            raise CatalogError(where, problem, "mend it in the schema") from error
