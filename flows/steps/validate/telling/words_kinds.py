"""Kinds of faults: the shape of the sentences, and which kind a fault or a rule is."""

import ast
import json
from functools import lru_cache
from typing import Any, NamedTuple

from flows.steps.validate.verdict import Fault, Rule


class Kind(NamedTuple):
    """Four texts on one kind of fault; `{value}` and `{expected}` are filled in."""

    fault: str
    rule: str
    expected: str
    remedy: str


class Words(NamedTuple):
    """All the texts of one language."""

    kinds: dict[str, Kind]
    types: dict[str, str]
    causes: dict[str, tuple[str, str]]  # what happened, how to mend it
    patterns: dict[str, str]
    labels: dict[str, str]


ALIASES = {
    "categories": "enum",
    "siren": "french-siren-value",
    "siret": "french-siret-value",
    "unique": "unique-error",
    "nomenclature-acte": "nomenclature-actes-value",
    "nomenclature-actes": "nomenclature-actes-value",
}


def name_kind(fault: Fault | Rule) -> str:
    """The constraint where there is one, else frictionless's code."""
    name = fault.rule if fault.type == "constraint-error" else fault.type
    return ALIASES.get(name, name)


def is_header(fault: Fault) -> bool:
    """Whether the fault is in the titles of the columns."""
    return fault.type.endswith(("-label", "-header"))


def split_type(expected: str) -> tuple[str, str]:
    """`date/%d/%m/%Y` is a type and a format; `date` has the format `default`."""
    name, _, form = expected.partition("/")
    return name, form or "default"


@lru_cache(maxsize=64)
def read_list(expected: str) -> tuple[str, ...]:
    """The values that `enum` or `categories` allow, however the list is written."""
    for read in (json.loads, ast.literal_eval):
        try:
            values = read(expected)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            continue
        if isinstance(values, list | tuple):
            return tuple(_read_value(value) for value in values)
    return (expected,) if expected else ()


def _read_value(value: Any) -> str:
    return str(value["value"] if isinstance(value, dict) and "value" in value else value)
