"""Header: which field each column of a file is, and what is wrong with the labels."""

from collections.abc import Iterator
from dataclasses import dataclass

from flows.errors import CatalogError
from flows.steps.validate.schema import Field, Schema
from flows.steps.validate.verdict import Fault

TOLERATES_EXTRA = ("subset", "partial")
TOLERATES_MISSING = ("superset", "partial")


@dataclass(frozen=True)
class Header:
    """`fields` stand in the order of the columns; a column without one gets a field of any type."""

    fields: tuple[Field, ...]
    faults: tuple[Fault, ...]


def match_header(
    schema: Schema, labels: list[str], *, row: int = 1, case: bool = True, where: str = "schema"
) -> Header:
    """Match *labels* to the fields of *schema*, as its fieldsMatch says.

    Raises CatalogError when fields cannot be told apart by name.
    """
    if not labels:
        return Header(schema.fields, ())
    matching = Matching(schema, labels, case, where)
    fields = _name_apart([matching.field(index) for index in range(len(labels))], labels)
    faults = [
        Fault(kind, row, row, name, cell, expected=expected)
        for kind, name, cell, expected in matching.find_faults()
    ]
    return Header(fields, tuple(faults))


class Matching:
    """Labels against fields: by place where fieldsMatch is `exact`, by name otherwise."""

    def __init__(self, schema: Schema, labels: list[str], case: bool, where: str) -> None:
        self.schema = schema
        self.labels = labels
        self.by_name = schema.match != "exact"
        self.key = str if case else str.lower
        self.fields = {self.key(field.name): field for field in reversed(schema.fields)}
        self.first = {self.key(label): n for n, label in reversed(list(enumerate(labels)))}
        if self.by_name and len(self.fields) < len(schema.fields):
            raise CatalogError(where, "has fields that differ by case only", "name them apart")

    def field(self, index: int) -> Field | None:
        """The field of the column at *index*; a repeated label names the first of its columns."""
        if self.by_name:
            return None if self._repeats(index) else self.fields.get(self.key(self.labels[index]))
        return self.schema.fields[index] if index < len(self.schema.fields) else None

    def find_faults(self) -> Iterator[tuple[str, str | None, str | None, str]]:
        """Each fault as (type, field, cell, expected)."""
        for index, label in enumerate(self.labels):
            if self.by_name and self._repeats(index):
                yield "duplicate-label", label, label, ""
            elif self.schema.match not in TOLERATES_EXTRA and self.field(index) is None:
                yield "extra-label", "", label, ""
        if self.schema.match == "partial" and self.schema.fields and not self._has_match():
            yield "unmatched-header", None, None, ""
        for field in self._missing():
            yield "missing-label", field.name, "", field.name
        if not self.by_name:
            yield from self._find_misplaced()

    def _repeats(self, index: int) -> bool:
        return self.first[self.key(self.labels[index])] < index

    def _has_match(self) -> bool:
        return any(self.field(index) is not None for index in range(len(self.labels)))

    def _missing(self) -> list[Field]:
        keys = {self.key(label) for label in self.labels}
        missing = (
            [field for field in self.schema.fields if self.key(field.name) not in keys]
            if self.by_name
            else list(self.schema.fields[len(self.labels) :])
        )
        if self.schema.match in TOLERATES_MISSING:
            needed = self.schema.primary_key
            return [field for field in missing if field.required or field.name in needed]
        return missing

    def _find_misplaced(self) -> Iterator[tuple[str, str | None, str | None, str]]:
        seen: set[str] = set()
        for field, label in zip(self.schema.fields, self.labels, strict=False):
            if not label:
                yield "blank-label", field.name, "", field.name
            elif label in seen:
                yield "duplicate-label", field.name, label, field.name
            elif self.key(label) != self.key(field.name):
                yield "incorrect-label", field.name, label, field.name
            seen.add(label)


def _name_apart(matched: list[Field | None], labels: list[str]) -> tuple[Field, ...]:
    """The fields; a column without one is named after its label, with a number where taken."""
    wanted = [field.name if field else label for field, label in zip(matched, labels, strict=True)]
    names = name_apart(wanted)
    return tuple(field or _any_field(name) for field, name in zip(matched, names, strict=True))


def name_apart(wanted: list[str]) -> list[str]:
    """*wanted* names, each one but the first of its kind with the first number that is free."""
    names: dict[str, None] = {}
    for base in wanted:
        name, suffix = base, 2
        while name in names:
            name, suffix = f"{base}{suffix}", suffix + 1
        names[name] = None
    return list(names)


def _any_field(name: str) -> Field:
    return Field(name, "any", "default", {}, ("",), {"name": name, "type": "any"})
