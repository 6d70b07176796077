"""Keys: values that must differ from row to row, and those that must stand in another table."""

from collections.abc import Mapping
from pathlib import Path

from flows.errors import CatalogError
from flows.steps.validate.judge import CELL_CHARS, Judgement, select_bad
from flows.steps.validate.query import Column
from flows.steps.validate.rules.expressions import quote, quote_or_null
from flows.steps.validate.schema import ForeignKey

KINDS = {"integer": "number", "year": "number", "any": "string"}  # equal where equally spelled


def find_repeats(case: Judgement, type_: str, field: str | None, key: list[Column]) -> bool:
    """Add a fault for each row whose *key* an earlier row has; whether there are any.

    A unique field or key is not compared where it has no value; a primary key must have some.
    """
    values = ", ".join(f"{column.key} as k{place}" for place, column in enumerate(key))
    names = ", ".join(f"k{place}" for place in range(len(key)))
    empty = f"coalesce({names}) is null"
    rows = f"(select *, {values} from {case.values})"
    doubles = f"select {names} from {rows} where not {empty} group by {names} having count(*) > 1"
    found = case.count(f"select count(*) from ({doubles} limit 1)")
    is_primary = type_ == "primary-key"
    if is_primary:
        found += case.count(f"select count(*) from (select 1 from {rows} where {empty} limit 1)")
    if not found:
        return False
    case.con.execute(f"create or replace table doubles as {doubles}")
    numbered = f"(select *, {values} from {case.numbered})"
    # A part of a key may be null.
    same = " and ".join(f"rows.k{n} is not distinct from doubles.k{n}" for n in range(len(key)))
    parts = ", ".join(f"rows.k{n}" for n in range(len(key)))
    later = (
        f"select rows.* from {numbered} as rows join doubles on {same}"
        f" qualify row_number() over (partition by {parts} order by row_number) > 1"
    )
    nothing = f" union all select * from {numbered} where {empty}" if is_primary else ""
    number = key[0].number if len(key) == 1 and field else 0
    cell = key[0].shown if number else "null"
    fault = f"{number}, {quote_or_null(field)}, {quote(type_)}, 'unique'"
    _add_rows(case, later + nothing, fault, cell)
    return True


def find_strangers(
    case: Judgement, key: ForeignKey, references: Mapping[tuple[str, ...], Path]
) -> bool:
    """Add a fault for each row whose foreign *key* stands in no row of the table that it names.

    Raises CatalogError when that table is not at hand.
    """
    columns = {column.field.name: column for column in case.columns}
    if not set(key.fields) <= set(columns):
        return False
    if key.resource and (key.resource, *key.reference) not in references:
        problem = f"its foreign key {', '.join(key.fields)} speaks of the table {key.resource}"
        raise CatalogError("schema", problem, "validate the datapackage.json that holds both")
    if key.resource:
        known = f"read_parquet({quote(str(references[key.resource, *key.reference]))})"
    else:
        known = f"({_select_keys(case, key.reference)})"
    values = ", ".join(f"{_spell(columns[name])} as k{n}" for n, name in enumerate(key.fields))
    names = [f"k{n}" for n in range(len(key.fields))]
    same = " and ".join(f"rows.{name} is not distinct from known.{name}" for name in names)
    strangers = (
        f"select rows.* from (select *, {values} from {case.numbered}) as rows"
        f" anti join {known} as known on {same} where coalesce({', '.join(names)}) is not null"
    )
    field, number = ", ".join(key.fields), columns[key.fields[0]].number
    cell = f"concat_ws(', ', {', '.join(f'c{columns[name].number}' for name in key.fields)})"
    return _add_rows(case, strangers, f"{number}, null, 'foreign-key', {quote(field)}", cell)


def write_keys(case: Judgement, fields: tuple[str, ...], path: Path) -> None:
    """Write the values of *fields* to *path*, for the foreign keys of other tables."""
    case.con.execute(f"copy ({_select_keys(case, fields)}) to {quote(str(path))} (format parquet)")


def _select_keys(case: Judgement, fields: tuple[str, ...]) -> str:
    """The distinct values of *fields*, as text that says their kind, in columns k0, k1 …"""
    columns = {column.field.name: column for column in case.columns}
    if not set(fields) <= set(columns):
        raise CatalogError(
            "schema", f"a foreign key speaks of {', '.join(fields)}, which is not there"
        )
    values = [f"{_spell(columns[name])} as k{n}" for n, name in enumerate(fields)]
    return f"select distinct {', '.join(values)} from {case.values}"


def _spell(column: Column) -> str:
    kind = KINDS.get(column.field.type, column.field.type)
    return f"{quote(kind + ':')} || {column.key}"


def mark_swallowing(case: Judgement) -> bool:
    """Add a fault for each row in which a quote has eaten others; whether there are any."""
    if not case.stage.swallowing:
        return False
    numbers = ", ".join(map(str, case.stage.swallowing))
    rows = f"select * from {case.numbered} where row_number in ({numbers})"
    return _add_rows(case, rows, "0, null, 'swallowed-rows', ''", "null")


def _add_rows(case: Judgement, rows: str, fault: str, cell: str) -> bool:
    """Keep *rows* among the bad, with a fault for each; whether there are any."""
    case.con.execute(f"create or replace table added as {rows}")
    case.con.execute(
        f"insert into bad {select_bad(case, 'added')}"
        " where row_number not in (select row_number from bad)"
    )
    case.con.execute(
        "insert into faults"
        f" select row_number, line, {fault}, left({cell}, {CELL_CHARS}) from added"
    )
    return case.count("select count(*) from added") > 0
