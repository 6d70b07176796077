"""Markdown: the report for an e-mail or a discussion, in lists that read well as plain text."""

import re
from collections.abc import Iterator

from flows.steps.validate.telling.report_facts import Facts, Finding, Sample
from flows.steps.validate.telling.report_words import REPORT
from flows.steps.validate.telling.shown import COLONS, flatten, say_number, shorten
from flows.steps.validate.telling.words import (
    say_cause,
    say_expected,
    say_place,
    say_remedy,
    say_rule,
)

# What Markdown would read as its own; `://`, `www.` and `@` would become links.
START = re.compile(r"^([-+=]|\d+(?=[.)]))")
SPECIAL = re.compile(r"([\\`*\[\]<>|~&#!@$]|(?<!\w)_|_(?!\w)|(?<=www)\.|:(?=//))", re.IGNORECASE)


def write_markdown(facts: Facts) -> str:
    """French, a rule across the page, then English."""
    parts = ["\n".join(_write_part(facts, language)) for language in ("fr", "en")]
    return "\n\n---\n\n".join(parts) + "\n"


def as_text(text: str) -> str:
    """*text* where Markdown finds nothing to read as its own."""
    escaped = SPECIAL.sub(r"\\\1", flatten(text.strip()))
    return START.sub(_break_list, escaped)


def _break_list(match: re.Match[str]) -> str:
    return f"{match[1]}\\" if match[1].isdigit() else f"\\{match[1]}"


def as_code(text: str) -> str:
    """*text* as a span of code, between more backticks than it holds."""
    shown = shorten(text)
    fence = "`" * (1 + max(map(len, re.findall("`+", shown)), default=0))
    gap = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{gap}{shown}{gap}{fence}"


def _write_part(facts: Facts, language: str) -> Iterator[str]:
    words, colon, verdict = REPORT[language], COLONS[language], facts.verdict
    yield f"# {words['title']}{colon}{as_code(verdict.file)}\n"
    yield f"*{words['other_language']}*\n"
    yield f"**{words['valid' if verdict.valid else 'invalid']}**\n"
    if facts.title:
        yield f"- {words['schema']}{colon}{as_text(facts.title)}"
    for name, rows in (
        ("valid_rows", verdict.rows - verdict.rejected_rows),
        ("rejected_rows", verdict.rejected_rows),
    ):
        part, whole = say_number(rows, language), say_number(verdict.rows, language)
        yield f"- {words[name]}{colon}{words['of'].format(part=part, whole=whole)}"
    for number, finding in enumerate(facts.findings, 1):
        yield from _write_finding(number, finding, language)
    yield from _write_end(facts, language)


def _write_finding(number: int, finding: Finding, language: str) -> Iterator[str]:
    words, colon, rule = REPORT[language], COLONS[language], finding.rule
    yield f"\n## {number}. {as_text(say_rule(rule, language))}\n"
    said = {
        "count": say_number(rule.count, language),
        "expected": as_text(say_expected(rule, language)),
        "description": as_text(finding.description),
        "example": as_code(finding.example) if finding.example else "",
        "cause": as_text(say_cause(finding.cause, language)),
        "remedy": as_text(say_remedy(rule, finding.cause, language)),
    }
    yield from (f"- {words[name]}{colon}{text}" for name, text in said.items() if text)
    if finding.samples:
        yield f"- {words['examples']}{colon.rstrip()}"
    yield from (f"  - {_say_sample(sample, language)}" for sample in finding.samples)


def _say_sample(sample: Sample, language: str) -> str:
    words, colon = REPORT[language], COLONS[language]
    seen = as_text(say_place(sample.fault, language)) or words["whole"]
    if sample.hidden:
        return f"{seen}{colon}*valeur masquée / value hidden*"
    if sample.fault.cell is not None:
        seen += colon + (as_code(sample.fault.cell) if sample.fault.cell else words["empty"])
    if sample.suggestion:
        seen += f" ({words['try']}{colon}{as_code(sample.suggestion)})"
    return seen


def _write_end(facts: Facts, language: str) -> Iterator[str]:
    words = REPORT[language]
    if facts.rejects:
        yield f"\n## {words['rejects']}\n\n{words['rejects_text']} {as_code(facts.rejects)}"
    if facts.drift:
        yield f"\n## {words['drift']}\n\n{words['drift_text']}\n"
        yield from (f"- {as_text(getattr(change, language))}" for change in facts.drift)
    if facts.verdict.notes:
        yield f"\n## {words['notes']}\n"
        yield from (f"- {as_text(note)}" for note in facts.verdict.notes)
    if facts.findings:
        yield f"\n## {words['reading']}\n\n{words['reading_rows']} {words['reading_signs']}"
