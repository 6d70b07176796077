"""Checks: the French checks of a schema, bound to the columns of a file."""

from collections.abc import Sequence
from typing import Any

from flows.steps.validate.judge import Judgement, RowCheck
from flows.steps.validate.query import select_values
from flows.steps.validate.rules.expressions import quote
from flows.steps.validate.rules.french import Check, compile_checks

BATCH = 10_000


def bind_checks(case: Judgement, declared: Sequence[Any]) -> None:
    """Give *case* the checks that its schema declares, and notes on those that cannot run."""
    if not declared:
        return
    numbers = {column.field.name: column.number for column in case.columns}
    checks, notes = compile_checks(declared, list(numbers))
    case.notes += notes
    for place, check in enumerate(checks):
        texts = [f"f{numbers[name]}" for name in check.fields]
        sql = (
            check.ok_sql.format(*texts)
            if check.ok_sql
            else _judge_values(case, place, check, texts[0])
        )
        number = numbers[check.field] if check.field else 0
        case.checks.append(RowCheck(sql, check.type, check.field, number, check.expected))


def _judge_values(case: Judgement, place: int, check: Check, text: str) -> str:
    """Judge each distinct text of a column once; SQL that is false where it was refused."""
    judge = check.ok_value
    assert judge is not None
    case.con.execute(f"create or replace table refused{place} (cell varchar)")
    rows = select_values(case.columns, case.stage.scan)
    distinct = case.con.cursor().execute(
        f"select distinct {text} from {rows} where {text} is not null"
    )
    while batch := distinct.fetchmany(BATCH):
        # Parameters would have DuckDB import pandas.
        if refused := ", ".join(f"({quote(cell)})" for (cell,) in batch if not judge(cell)):
            case.con.execute(f"insert into refused{place} values {refused}")
    return f"{text} not in (select cell from refused{place})"
