"""Numbers: integers, decimal numbers and points as DuckDB expressions."""

from decimal import Decimal, InvalidOperation
from typing import Any

from flows.steps.validate.rules.expressions import (
    PLAIN,
    SIGNS,
    Compiled,
    F,
    V,
    bound,
    decide,
    matches,
    quote,
    read_bound,
    read_categories,
    read_integer,
)
from flows.steps.validate.schema import BOUNDS, Field

INTEGER = r"\s*[+-]?[0-9]+\s*"
SHORT_INTEGER = r"\s*[+-]?[0-9]{1,18}\s*"
DIGITS = r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)"
INFINITE = r"[+-]?(?i:inf(inity)?|s?nan[0-9]*)"
NUMBER = rf"\s*{DIGITS}([eE][+-]?[0-9]{{1,2}})?\s*"
LOOSE_NUMBER = rf"\s*({DIGITS}([eE][+-]?[0-9]+)?|{INFINITE})\s*"
EXACT_DIGITS = 15  # decimal numbers that a DOUBLE keeps apart


def compile_integer(field: Field) -> Compiled | None:
    """Integers that a BIGINT holds; None where other characters may stand around them."""
    if not field.descriptor.get("bareNumber", True):
        return None
    value = f"try_cast({F} as bigint)"
    # The round trip is cheaper than a regular expression, and true of most.
    yes = f"cast({value} as varchar) = {F} or {matches(SHORT_INTEGER)}"
    is_typed = decide(yes, f"{PLAIN} and not {matches(INTEGER)}")
    rules = bound(field, read_integer)
    if "enum" in field.constraints:
        values = map(read_integer, field.constraints["enum"])
        known = ", ".join(str(each) for each in values if each is not None)
        rules["enum"] = f"{V} in ({known})" if known else "false"
    if categories := read_categories(field):
        rules["categories"] = f"{V} in ({', '.join(map(str, categories))})"
    return Compiled(is_typed, value, "BIGINT", rules)


def compile_number(field: Field) -> Compiled | None:
    """Decimal numbers, as DOUBLE; None where they are read as floats or stand among other text."""
    told = field.descriptor
    if not told.get("bareNumber", True) or told.get("floatNumber"):
        return None
    text, group, decimal = F, told.get("groupChar", ""), told.get("decimalChar", ".")
    if group:
        text = f"replace({text}, {quote(group)}, '')"
    may_be = "true" if decimal == "." else f"not contains({text}, '.')"
    if decimal not in (".", ""):
        text = f"replace({text}, {quote(decimal)}, '.')"
    is_typed = decide(
        f"{may_be} and {matches(NUMBER, text)}",
        f"{PLAIN} and not ({may_be} and {matches(LOOSE_NUMBER, text)})",
    )
    return Compiled(is_typed, f"try_cast({text} as double)", "DOUBLE", _bound_number(field))


def _bound_number(field: Field) -> dict[str, str]:
    """Bounds on DOUBLE: rounding keeps order, so that only a tie of long numbers is not sure."""
    rules = {}
    for name in (name for name in BOUNDS if name in field.constraints):
        limit = read_bound(field, name, lambda value: read_number(_spell_plainly(field, value)))
        is_exact = len(limit.as_tuple().digits) <= EXACT_DIGITS
        tie = f"strlen({F}) <= {EXACT_DIGITS}" if is_exact else "false"
        double = f"cast({quote(str(limit))} as double)"
        rules[name] = f"case when {V} <> {double} or {tie} then {V} {SIGNS[name]} {double} end"
    return rules


def _spell_plainly(field: Field, value: Any) -> Any:
    """A bound written as text is written as the cells are."""
    if not isinstance(value, str):
        return value
    group, decimal = field.descriptor.get("groupChar", ""), field.descriptor.get("decimalChar", ".")
    text = value.replace(group, "")
    return None if decimal != "." and "." in text else text.replace(decimal or ".", ".")


def compile_geopoint(field: Field) -> Compiled | None:
    """Points written `longitude,latitude`, kept as text; None for other formats."""
    if field.format != "default":
        return None
    shape = matches(rf"\s*{DIGITS}\s*,\s*{DIGITS}\s*")
    longitude, latitude = (f"abs(try_cast(split_part({F}, ',', {n}) as double))" for n in (1, 2))
    yes = f"{shape} and {longitude} < 180 and {latitude} < 90"
    beyond = f"{shape} and ({longitude} > 180 or {latitude} > 90)"
    loose = matches(f"{LOOSE_NUMBER},{LOOSE_NUMBER}")
    return Compiled(decide(yes, f"{beyond} or ({PLAIN} and not {loose})"))


def read_number(value: Any) -> Decimal | None:
    """A finite number of a schema, written as a number or as text; None if it is not one."""
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() and not isinstance(value, bool) else None
