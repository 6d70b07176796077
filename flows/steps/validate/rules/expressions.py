"""Expressions: a cell's verdict as SQL of three values: sure yes, sure no, and null for unsure.

The SQL holds F for the text of a cell, null where the value is missing, and V for its typed value:
two characters that no schema writes, replaced by the names of columns when a query is put together.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flows.errors import CatalogError
from flows.steps.validate.schema import BOUNDS, Field

F, V = "\ue001", "\ue002"
PLAIN = f"regexp_full_match({F}, '[ -^`-~]*')"  # printable ASCII, without _ (Python reads 1_000)
SIGNS = {"minimum": ">=", "maximum": "<=", "exclusiveMinimum": ">", "exclusiveMaximum": "<"}
LENGTH_SIGNS = {"minLength": ">=", "maxLength": "<="}
UNWRITTEN = re.compile(f"([\0{F}{V}])")


@dataclass(frozen=True)
class Compiled:
    """A field as SQL.

    `is_typed` says whether the text is of the field's type, `rules` whether it keeps each
    constraint; `value` is the typed value, of `duck_type`, right wherever `is_typed` is true. With
    `needs_frictionless` every value of the column is judged by frictionless's own field.
    """

    is_typed: str = "true"
    value: str = F
    duck_type: str = "VARCHAR"
    rules: Mapping[str, str] = field(default_factory=dict)
    needs_frictionless: bool = False


def quote(text: str) -> str:
    """*text* as a SQL literal; what would end the SQL, or stand for a cell, is told as a number."""
    plain, *others = UNWRITTEN.split(text.replace("'", "''"))
    if not others:
        return f"'{plain}'"
    pairs = zip(others[::2], others[1::2], strict=True)
    return f"('{plain}'" + "".join(f" || chr({ord(odd)}) || '{rest}'" for odd, rest in pairs) + ")"


def quote_or_null(text: str | None) -> str:
    """*text* as a SQL literal, or null."""
    return "null" if text is None else quote(text)


def matches(pattern: str, text: str = F) -> str:
    """Whether the whole of *text* is as *pattern* says."""
    return f"regexp_full_match({text}, {quote(pattern)})"


def decide(yes: str, no: str) -> str:
    """True where *yes* holds, false where *no* does, else null."""
    return f"case when {yes} then true when {no} then false end"


def settle(shape: str, is_value: str, no: str) -> str:
    """Where the text has *shape*, what *is_value* says; false where *no* holds, else null."""
    return f"case when {shape} then coalesce({is_value}, false) when {no} then false end"


def bound(field: Field, read: Callable[[Any], Any], literal: str = "{}") -> dict[str, str]:
    """A rule for each bound of *field*, read by *read* and written as *literal*."""
    return {
        name: f"{V} {SIGNS[name]} {literal.format(read_bound(field, name, read))}"
        for name in BOUNDS
        if name in field.constraints
    }


def read_bound(field: Field, name: str, read: Callable[[Any], Any]) -> Any:
    """A bound of *field*. Raises CatalogError when it is not a value of its type."""
    limit = read(field.constraints[name])
    if limit is None:
        problem = f"the {name} {field.constraints[name]!r} is not of type {field.type}"
        raise CatalogError(f"field {field.name}", problem, "mend it in the schema")
    return limit


def read_categories(field: Field) -> list[str | int] | None:
    """The values that a text or an integer may take, plain or labelled; None if it may take any.

    Raises CatalogError when they are not values of its type.
    """
    told = field.descriptor.get("categories")
    if told is None or field.type not in ("string", "integer"):
        return None
    values = [each.get("value") if isinstance(each, dict) else each for each in _as_list(told)]
    texts = [each for each in values if isinstance(each, str)]
    whole = [each for each in map(read_integer, values) if each is not None]
    read: list[str | int] = [*texts] if field.type == "string" else [*whole]
    if len(read) < len(values) or not values:
        problem = f"its categories are not a list of values of type {field.type}"
        raise CatalogError(f"field {field.name}", problem, "mend it in the schema")
    return read


def _as_list(told: Any) -> list[Any]:
    return told if isinstance(told, list) else []


def read_integer(value: Any) -> int | None:
    """A whole number of a schema, written as a number or as text; None if it is not one."""
    if isinstance(value, bool):
        return None
    try:
        whole = int(value.strip() if isinstance(value, str) else value)
    except (TypeError, ValueError, OverflowError):
        return None
    return None if isinstance(value, float) and whole != value else whole


def has_bounds(field: Field) -> bool:
    """Whether *field* has a minimum or a maximum."""
    return bool(set(field.constraints) & set(BOUNDS))
