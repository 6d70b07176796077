"""Faults: all that is wrong in the bad rows, one row of a table for each."""

import json

from flows.steps.validate.judge import CELL_CHARS, Judgement
from flows.steps.validate.query import Column, is_blank, select_values
from flows.steps.validate.rules.expressions import quote, quote_or_null
from flows.steps.validate.verdict import EXAMPLES, Fault, Rule


def list_faults(case: Judgement) -> None:
    """Fill `faults` from `bad`: blank rows, cells too many or too few, and wrong cells."""
    blank = is_blank(case.columns)
    case.con.execute(
        "create or replace view judged as"
        f" select *, {blank} as is_blank from {select_values(case.columns, 'bad')}"
    )
    _add(case, "0, null, 'blank-row', '', null from judged where is_blank")
    for column in _find_wrong(case):
        _add(case, _wrong_cells(column))
    for check in case.checks:
        cell = f"left(coalesce(c{check.number}, ''), {CELL_CHARS})" if check.number else "null"
        told = f"{check.number}, {quote_or_null(check.field)}, {quote(check.type)}, '', {cell}"
        _add(case, f"{told} from judged where not is_blank and ({check.sql}) is false")
    _add_ragged(case)


def _find_wrong(case: Judgement) -> list[Column]:
    """The columns that have a wrong cell: to list the cells of each takes a query of its own."""
    tests = {
        column.number: f"({column.verdict}) is not true"
        for column in case.columns
        if column.has_tests
    }
    wrong = case.find_columns(tests, "judged where not is_blank")
    return [column for column in case.columns if column.number in wrong]


def _add(case: Judgement, query: str) -> None:
    case.con.execute(f"insert into faults select row_number, line, {query}")


def _wrong_cells(column: Column) -> str:
    number, name = column.number, quote(column.field.name)
    cell = f"left(coalesce(c{number}, 'None'), {CELL_CHARS})"
    kind = "case note when 'type' then 'type-error' else 'constraint-error' end"
    return (
        f"{number}, {name}, {kind}, note, {cell} from"
        f" (select *, unnest({column.notes}) as note from judged where not is_blank)"
    )


def _add_ragged(case: Judgement) -> None:
    width = len(case.columns)
    _add(
        case,
        f"{width} + place, '', 'extra-cell', '', left(extra[place], {CELL_CHARS}) from"
        " (select *, unnest(range(1, len(extra) + 1)) as place from judged where not is_blank)",
    )
    if not case.count(f"select count(*) from judged where c{width} is null and not is_blank"):
        return
    names = ", ".join(quote(column.field.name) for column in case.columns)
    cells = ", ".join(f"c{column.number}" for column in case.columns)
    _add(
        case,
        f"place, ([{names}])[place], 'missing-cell', '', '' from"
        f" (select *, unnest(range(list_count([{cells}]) + 1, {width + 1})) as place"
        f" from judged where c{width} is null and not is_blank)",
    )


def read_rules(case: Judgement) -> tuple[Rule, ...]:
    """The faults by type, field and constraint, the most frequent first, with examples."""
    groups = case.con.execute(
        "select type, field, rule, count(*) as faults from faults"
        " group by all order by faults desc, type, field, rule"
    ).fetchall()
    examples: dict[tuple[str, str | None, str], list[Fault]] = {}
    for fault in _read(
        case,
        "qualify row_number() over (partition by type, field, rule order by row_number, position)"
        f" <= {EXAMPLES}",
    ):
        examples.setdefault((fault.type, fault.field, fault.rule), []).append(fault)
    return tuple(
        Rule(type_, field, rule, _expect(case, type_, field, rule), count, tuple(examples[key]))
        for type_, field, rule, count in groups
        for key in [(type_, field, rule)]
    )


def read_first(case: Judgement, limit: int) -> tuple[Fault, ...]:
    """The first *limit* faults, by row."""
    return tuple(_read(case, f"order by row_number, position, type, rule limit {limit}"))


def _read(case: Judgement, which: str) -> list[Fault]:
    found = case.con.execute(
        f"select type, row_number, line, field, cell, rule from faults {which}"
    ).fetchall()
    return [
        Fault(type_, row, line, field, cell, rule, _expect(case, type_, field, rule))
        for type_, row, line, field, cell, rule in found
    ]


def _expect(case: Judgement, type_: str, field: str | None, rule: str) -> str:
    """What the schema says of *field* under *rule*, as text."""
    for check in case.checks:
        if (check.type, check.field) == (type_, field):
            return check.expected
    told = next((each.field for each in case.columns if each.field.name == field), None)
    if told is None or not rule:
        return ""
    if rule == "type":
        return told.type if told.format == "default" else f"{told.type}/{told.format}"
    value = told.constraints.get(rule, told.descriptor.get(rule, ""))
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else str(value)
