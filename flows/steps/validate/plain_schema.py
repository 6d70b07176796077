"""Plain schema: whether a schema is surely well made, told without frictionless."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flows.steps.validate.schema import BOUNDS, FALSE_VALUES, LENGTHS, TRUE_VALUES, Descriptor

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
MATCHES = ("exact", "equal", "subset", "superset", "partial")
PROFILES = re.compile(
    r"https://(specs\.frictionlessdata\.io|datapackage\.org|frictionlessdata\.io)/"
)


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
        and (isinstance(keys, str) or are_texts(keys))
        and set([keys] if isinstance(keys, str) else keys) <= {*names, ""}
        and are_texts(descriptor.get("missingValues", []))
        and descriptor.get("fieldsMatch", "exact") in MATCHES
        and re.fullmatch(r"[-a-z0-9._/]+", str(descriptor.get("name", "x"))) is not None
        and all(isinstance(descriptor.get(key, ""), str) for key in ("title", "description"))
        and _has_known_profile(descriptor)
    )


def _has_known_profile(descriptor: Descriptor) -> bool:
    profile = descriptor.get("$schema", "https://datapackage.org/")
    return isinstance(profile, str) and PROFILES.match(profile) is not None


def are_texts(values: Any) -> bool:
    """Whether *values* is a list of texts."""
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
        and all(are_texts(field.get(key, [])) for key in ("trueValues", "falseValues"))
        and are_texts(field.get("missingValues", []))
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
