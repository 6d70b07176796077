"""Compile: a field of a Table Schema as DuckDB expressions, with frictionless's verdicts."""

from collections.abc import Callable, Mapping

from flows.steps.validate.rules.expressions import (
    LENGTH_SIGNS,
    Compiled,
    F,
    decide,
    quote,
    read_categories,
)
from flows.steps.validate.rules.moments import (
    compile_date,
    compile_datetime,
    compile_time,
    compile_year,
    compile_yearmonth,
)
from flows.steps.validate.rules.nested import compile_array, compile_object
from flows.steps.validate.rules.patterns import translate_pattern
from flows.steps.validate.rules.quantities import compile_geopoint, compile_integer, compile_number
from flows.steps.validate.schema import FALSE_VALUES, TRUE_VALUES, Field

KNOWN_ENUMS = ("string", "any", "integer")
PLAIN_KEYS = ("string", "any", "integer", "date", "year", "boolean")  # equal when equally spelled
DUCK_TYPES = {
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "datetime": "TIMESTAMP",
    "time": "TIME",
    "year": "INTEGER",
}


def compile_field(field: Field, *, is_key: bool = False) -> Compiled:
    """The expressions of *field*; `is_key` where its values are compared to one another.

    What cannot be told exactly in SQL is left to frictionless. Raises CatalogError when a bound is
    not a value of the field's type, or a category.
    """
    read_categories(field)  # frictionless, which may be asked instead, knows nothing of them
    compile_ = COMPILERS.get(field.type)
    compiled = compile_(field) if compile_ else None
    odd_enum = "enum" in field.constraints and field.type not in KNOWN_ENUMS
    odd_key = is_key and field.type not in PLAIN_KEYS
    if compiled is None or odd_enum or odd_key:
        duck_type = DUCK_TYPES.get(field.type, "VARCHAR")
        return Compiled(needs_frictionless=True, duck_type=duck_type)
    return compiled


def _compile_any(field: Field) -> Compiled:
    return Compiled(rules=_enumerate(field))


def _enumerate(field: Field) -> dict[str, str]:
    if "enum" not in field.constraints:
        return {}
    texts = [quote(value) for value in field.constraints["enum"] if isinstance(value, str)]
    return {"enum": f"{F} in ({', '.join(texts)})" if texts else "false"}


def _compile_string(field: Field) -> Compiled | None:
    limits = field.constraints
    if field.format != "default":
        return None
    rules = _enumerate(field)
    if categories := read_categories(field):
        rules["categories"] = f"{F} in ({', '.join(map(quote, map(str, categories)))})"
    for name, sign in LENGTH_SIGNS.items():
        if name in limits:
            rules[name] = f"length({F}) {sign} {limits[name]}"
    if "pattern" in limits:
        pattern = _match_pattern(limits["pattern"])
        if pattern is None:
            return None
        rules["pattern"] = pattern
    return Compiled(rules=rules)


def _match_pattern(pattern: str) -> str | None:
    """A pattern as SQL: sure on ASCII text, and on any text where it has no class of characters."""
    translated = translate_pattern(pattern)
    if translated is None:
        return None
    match = f"regexp_matches({F}, {quote(translated.re2)})"
    is_ascii = f"strlen({F}) = length({F})"
    yes = f"{match} and {is_ascii}" if translated.accepts_ascii_only else match
    no = f"not {match} and not contains({F}, chr(10))"
    return decide(yes, f"{no} and {is_ascii}" if translated.refuses_ascii_only else no)


def _compile_boolean(field: Field) -> Compiled:
    true = field.descriptor.get("trueValues", TRUE_VALUES)
    false = field.descriptor.get("falseValues", FALSE_VALUES)
    yes = ", ".join(quote(value) for value in true if value not in false)
    known = ", ".join(quote(value) for value in [*true, *false])
    return Compiled(
        f"{F} in ({known})" if known else "false", f"{F} in ({yes})" if yes else "false", "BOOLEAN"
    )


def _compile_list(field: Field) -> Compiled | None:
    delimiter = field.descriptor.get("delimiter", ",")
    if field.descriptor.get("itemType", "string") != "string" or not delimiter:
        return None
    limits, count = field.constraints, f"len(string_split({F}, {quote(delimiter)}))"
    return Compiled(
        rules={
            name: f"{count} {sign} {limits[name]}"
            for name, sign in LENGTH_SIGNS.items()
            if name in limits
        }
    )


COMPILERS: Mapping[str, Callable[[Field], Compiled | None]] = {
    "any": _compile_any,
    "string": _compile_string,
    "boolean": _compile_boolean,
    "list": _compile_list,
    "array": compile_array,
    "object": compile_object,
    "integer": compile_integer,
    "number": compile_number,
    "geopoint": compile_geopoint,
    "date": compile_date,
    "datetime": compile_datetime,
    "time": compile_time,
    "year": compile_year,
    "yearmonth": compile_yearmonth,
}
