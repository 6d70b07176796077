"""Nested: arrays and objects, written as JSON, as DuckDB expressions; they are kept as text.

DuckDB takes a comma before a closing bracket and odd spellings of infinity, and Python half of a
surrogate pair: such cells are not sure.
"""

from flows.steps.validate.rules.expressions import LENGTH_SIGNS, Compiled, F
from flows.steps.validate.schema import Field

IS_STRICT = (
    f"not regexp_matches({F}, ',\\s*[\\]}}]')"
    f" and not regexp_matches({F}, '[\\[:,]\\s*[-+]?(?i:nan|inf)')"
)


def compile_array(field: Field) -> Compiled | None:
    """Lists; None where their items have a type."""
    if field.descriptor.get("arrayItem"):
        return None
    count = f"case when json_valid({F}) then json_array_length({F}) end"
    limits = field.constraints
    rules = {
        name: f"{count} {sign} {limits[name]}"
        for name, sign in LENGTH_SIGNS.items()
        if name in limits
    }
    return Compiled(_is_json("ARRAY"), rules=rules)


def compile_object(field: Field) -> Compiled | None:
    """Objects; None where their keys are counted, since one may stand twice."""
    if set(LENGTH_SIGNS) & set(field.constraints):
        return None
    return Compiled(_is_json("OBJECT"))


def _is_json(kind: str) -> str:
    return (
        f"case when not json_valid({F}) then case when not contains({F}, '\\u') then false end"
        f" when json_type({F}) <> '{kind}' then false when {IS_STRICT} then true end"
    )
