"""Rejects: the rows that are not valid, as they were written, each with its reasons."""

from collections.abc import Sequence
from pathlib import Path

from flows.steps.validate.judge import Judgement, name
from flows.steps.validate.rules.expressions import quote, quote_or_null
from flows.steps.validate.verdict import Rule

MAX_REASON_KINDS = 10_000
BOM = "\ufeff"
REASONS = """
    select
        row_number as at_row,
        string_agg(distinct reason_fr, ' | ' order by reason_fr) as reasons_fr,
        string_agg(distinct reason_en, ' | ' order by reason_en) as reasons_en
    from faults
    inner join reasons
        on
            faults.type = reasons.type
            and faults.rule = reasons.rule
            and faults.field is not distinct from reasons.field
    group by row_number
"""


def write_rejects(case: Judgement, rules: Sequence[Rule], path: Path, delimiter: str) -> None:
    """Write the rejected rows to the CSV *path*: row, line, reasons in French and English, cells.

    The columns are the publisher's, after `source_row`, `source_line`, `reasons_fr` and
    `reasons_en`; cells beyond the last column stand in `extra_cells`. It has the publisher's
    delimiter, and a byte order mark, so that a spreadsheet opens it as it opens the file.
    """
    from flows.steps.validate.telling.words import say_rule

    case.con.execute(
        "create or replace table reasons"
        " (type varchar, field varchar, rule varchar, reason_fr varchar, reason_en varchar)"
    )
    said = [
        (rule.type, rule.field, rule.rule, say_rule(rule, "fr"), say_rule(rule, "en"))
        for rule in rules[:MAX_REASON_KINDS]
    ]
    for texts in said:
        values = ", ".join(map(quote_or_null, texts))
        case.con.execute(f"insert into reasons values ({values})")
    cells = ", ".join(f"c{column.number} as {name(column)}" for column in case.columns)
    extra = "nullif(array_to_string(extra, ' | '), '') as extra_cells"
    rows = (
        f"select row_number as {BOM}source_row, line as source_line, reasons_fr, reasons_en,"
        f" {cells}, {extra} from bad left join ({REASONS}) on row_number = at_row"
        " order by row_number"
    )
    options = f"format csv, header, delim {quote(delimiter)}"
    case.con.execute(f"copy ({rows}) to {quote(str(path))} ({options})")
