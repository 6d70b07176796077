"""The report for machines and spreadsheets: JSON, and CSV whose cells no spreadsheet computes."""

import csv
import io
import json
import re
from typing import Any

from flows.steps.validate.telling.report_facts import Facts, Finding, Sample
from flows.steps.validate.telling.report_words import HIDDEN
from flows.steps.validate.telling.shown import shorten
from flows.steps.validate.telling.words import (
    say_cause,
    say_expected,
    say_fault,
    say_remedy,
    say_rule,
)

COLUMNS = (
    "type",
    "row",
    "line",
    "field",
    "cell",
    "message_fr",
    "message_en",
    "likely_cause",
)
LONGEST_CELL = 1000
# A formula begins a cell; another separator than ours may begin one inside of a cell.
FORMULA = re.compile(
    r'(^|[;,\t|\r\n"])(\s*)(?=[=+\-@＝＋－＠])(?![+-]?\d+(?:[.,]\d+)?\s*(?:$|[;,\t|\r\n"]))'
)
LANGUAGES = ("fr", "en")


def write_csv(facts: Facts) -> str:
    """One line a kept error, after a mark by which spreadsheets know UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([guard(cell) for cell in _list_cells(sample)] for sample in facts.samples)
    return "\ufeff" + text.getvalue()


def guard(text: str) -> str:
    """*text* with an apostrophe wherever a spreadsheet could begin to read a formula."""
    return FORMULA.sub(r"\1\2'", text)


def _list_cells(sample: Sample) -> list[str]:
    fault = sample.fault
    return [
        fault.type,
        _as_text(fault.row),
        _as_text(fault.line),
        shorten(fault.field or "", LONGEST_CELL),
        HIDDEN if sample.hidden else shorten(fault.cell or "", LONGEST_CELL),
        *(say_fault(fault, language) for language in LANGUAGES),
        sample.cause or "",
    ]


def _as_text(number: int | None) -> str:
    return "" if number is None else str(number)


def write_json_report(facts: Facts) -> str:
    """The whole report, with its texts in both languages."""
    verdict = facts.verdict
    body = {
        "file": verdict.file,
        "valid": verdict.valid,
        "rows": verdict.rows,
        "valid_rows": verdict.rows - verdict.rejected_rows,
        "rejected_rows": verdict.rejected_rows,
        "rejects": facts.rejects,
        "counts": verdict.counts,
        "rules": [_describe_finding(finding) for finding in facts.findings],
        "notes": list(verdict.notes),
    }
    if facts.drift:
        body["drift"] = [{"fr": change.fr, "en": change.en} for change in facts.drift]
    return json.dumps(body, indent=2, ensure_ascii=False) + "\n"


def _describe_finding(finding: Finding) -> dict[str, Any]:
    rule, cause = finding.rule, finding.cause
    return {
        "type": rule.type,
        "field": rule.field,
        "rule": rule.rule,
        "expected": rule.expected,
        "count": rule.count,
        "title": {lang: say_rule(rule, lang) for lang in LANGUAGES},
        "expected_text": {lang: say_expected(rule, lang) for lang in LANGUAGES},
        "likely_cause": cause,
        "cause_text": {lang: say_cause(cause, lang) for lang in LANGUAGES},
        "remedy": {lang: say_remedy(rule, cause, lang) for lang in LANGUAGES},
        "examples": [_describe_sample(sample) for sample in finding.samples],
    }


def _describe_sample(sample: Sample) -> dict[str, Any]:
    fault = sample.fault
    cell = fault.cell
    if cell is not None and len(cell) > LONGEST_CELL:
        cell = cell[:LONGEST_CELL] + "…"
    return {
        "row": fault.row,
        "line": fault.line,
        "field": fault.field,
        "cell": HIDDEN if sample.hidden else cell,
        "hidden": sample.hidden,
        "message": {lang: say_fault(fault, lang) for lang in LANGUAGES},
        "likely_cause": sample.cause,
        "suggestion": sample.suggestion,
    }
