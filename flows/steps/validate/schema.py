"""Schema: a Table Schema, its fields and its keys."""

from dataclasses import dataclass
from typing import Any

Descriptor = dict[str, Any]
BOUNDS = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]
LENGTHS = ["minLength", "maxLength"]
TRUE_VALUES = ["true", "True", "TRUE", "1"]
FALSE_VALUES = ["false", "False", "FALSE", "0"]


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
