"""HTML: the report as one page, for the screen, for paper and for a screen reader."""

from collections.abc import Iterable
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import quote as quote_address

from flows.steps.validate.telling.report_facts import Facts, Finding, Sample, say_column
from flows.steps.validate.telling.report_words import HIDDEN, REPORT
from flows.steps.validate.telling.shown import COLONS, flatten, make_visible, say_number, shorten
from flows.steps.validate.telling.words import (
    say_cause,
    say_expected,
    say_remedy,
    say_row,
    say_rule,
)
from flows.steps.validate.telling.words_kinds import is_header

HERE = Path(__file__).parent
ADDRESSES = ("https://", "http://")


def write_html(facts: Facts) -> str:
    """One page that needs nothing else: no script, nothing from elsewhere."""
    return _fill(
        "report.html",
        css=(HERE / "report.css").read_text(encoding="utf-8"),
        file=escape(make_visible(facts.verdict.file)),
        colon_fr=COLONS["fr"],
        title_fr=REPORT["fr"]["title"],
        title_en=REPORT["en"]["title"],
        language_fr=REPORT["fr"]["language"],
        language_en=REPORT["en"]["language"],
        articles="\n".join(_write_article(facts, language) for language in ("fr", "en")),
    )


def _fill(template: str, **texts: str) -> str:
    return Template((HERE / template).read_text(encoding="utf-8")).substitute(texts)


def _write_article(facts: Facts, language: str) -> str:
    words = REPORT[language]
    findings = "\n".join(
        _write_finding(number, finding, facts.language, language)
        for number, finding in enumerate(facts.findings, 1)
    )
    return _fill(
        "report_article.html",
        lang=language,
        heading=words["heading"],
        brief=words["brief"],
        said=words["valid" if facts.verdict.valid else "invalid"],
        totals=_write_totals(facts, language),
        rules=_write_rules(facts, language) if findings else "",
        findings=_section(f"{language}-rules", words["rules"], findings),
        end=_write_end(facts, language),
    )


def _write_totals(facts: Facts, language: str) -> str:
    words, verdict = REPORT[language], facts.verdict
    whole = say_number(verdict.rows, language)
    counts = {
        "valid_rows": say_number(verdict.rows - verdict.rejected_rows, language),
        "rejected_rows": say_number(verdict.rejected_rows, language),
    }
    terms = {
        "file": _code(verdict.file),
        "schema": _foreign(facts.title, facts.language),
        **{name: words["of"].format(part=part, whole=whole) for name, part in counts.items()},
    }
    return "\n".join(_term(words[name], text) for name, text in terms.items() if text)


def _write_rules(facts: Facts, language: str) -> str:
    words = REPORT[language]
    rows = (
        f'<tr><th scope="row"><a href="#{language}-{number}">{number}.'
        f" {escape(say_rule(finding.rule, language))}</a></th>"
        f'<td class="number">{say_number(finding.rule.count, language)}</td></tr>'
        for number, finding in enumerate(facts.findings, 1)
    )
    return _table(words["rules_caption"], (words["rule"], words["count"]), rows)


def _write_finding(number: int, finding: Finding, schema_language: str, language: str) -> str:
    words, rule, anchor = REPORT[language], finding.rule, f"{language}-{number}"
    cause = escape(say_cause(finding.cause, language))
    terms = {
        "count": say_number(rule.count, language),
        "expected": escape(say_expected(rule, language)),
        "description": _foreign(finding.description, schema_language),
        "example": _code(finding.example) if finding.example else "",
        "cause": cause,
        "remedy": escape(say_remedy(rule, finding.cause, language)),
    }
    listed = "\n".join(_term(words[name], text) for name, text in terms.items() if text)
    title = f"{number}. {escape(say_rule(rule, language))}"
    body = f"<dl>\n{listed}\n</dl>\n{_write_samples(number, finding, language)}"
    return _section(anchor, title, body, level=4)


def _write_samples(number: int, finding: Finding, language: str) -> str:
    words = REPORT[language]
    heads = tuple(words[name] for name in ("row", "column", "cell", "suggestion", "cause"))
    rows = (_write_sample(sample, language) for sample in finding.samples)
    caption = words["examples_caption"].format(number=number)
    return _table(caption, heads, rows) if finding.samples else ""


def _write_sample(sample: Sample, language: str) -> str:
    words, fault = REPORT[language], sample.fault
    place = words["header"] if is_header(fault) else say_row(fault, language) or words["whole"]
    column = say_column(sample)
    cells = (
        _code(column) if column else words["absent"],
        _write_cell(sample, language),
        _code(sample.suggestion) if sample.suggestion else words["no_suggestion"],
        escape(say_cause(sample.cause, language)) or words["none"],
    )
    return f'<tr><th scope="row">{place}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'


def _write_cell(sample: Sample, language: str) -> str:
    if sample.hidden:
        return f"<em>{HIDDEN}</em>"
    names = {None: "absent", "": "empty"}
    cell = sample.fault.cell
    return REPORT[language][names[cell]] if not cell else _code(cell)


def _write_end(facts: Facts, language: str) -> str:
    words = REPORT[language]
    notes = _list(facts.verdict.notes)
    drift = _list(getattr(change, language) for change in facts.drift)
    reading = f"<p>{words['reading_rows']}</p>\n<p>{words['reading_signs']}</p>"
    return "\n".join(
        [
            _section(f"{language}-rejects", words["rejects"], _write_rejects(facts, language)),
            _section(
                f"{language}-drift",
                words["drift"],
                drift and f"<p>{words['drift_text']}</p>\n{drift}",
            ),
            _section(f"{language}-notes", words["notes"], notes),
            _section(f"{language}-reading", words["reading"], reading if facts.findings else ""),
        ]
    )


def _list(texts: Iterable[str]) -> str:
    items = "\n".join(f"<li>{escape(flatten(text))}</li>" for text in texts)
    return items and f"<ul>\n{items}\n</ul>"


def _write_rejects(facts: Facts, language: str) -> str:
    if not facts.rejects:
        return ""
    # Quoted, a name cannot become `javascript:`.
    safe = facts.rejects.startswith(ADDRESSES)
    address = facts.rejects if safe else quote_address(facts.rejects, errors="replace")
    name = escape(make_visible(facts.rejects))
    return f'<p>{REPORT[language]["rejects_text"]} <a href="{escape(address)}">{name}</a></p>'


def _section(anchor: str, title: str, body: str, level: int = 3) -> str:
    if not body:
        return ""
    heading = f'<h{level} id="{anchor}">{title}</h{level}>'
    # A region for each rule would drown the others in a screen reader's list.
    label = f' aria-labelledby="{anchor}"' if level == 3 else ""
    return f"<section{label}>\n{heading}\n{body}\n</section>"


def _term(name: str, text: str) -> str:
    return f"<dt>{name}</dt><dd>{text}</dd>"


def _code(text: str) -> str:
    return f"<bdi><code>{escape(shorten(text))}</code></bdi>"


def _foreign(text: str, language: str) -> str:
    return f'<span lang="{escape(language)}">{escape(text)}</span>' if text else ""


def _table(caption: str, heads: Iterable[str], rows: Iterable[str]) -> str:
    titles = "".join(f'<th scope="col">{head}</th>' for head in heads)
    return (
        f"<table>\n<caption>{caption}</caption>\n<thead><tr>{titles}</tr></thead>\n<tbody>\n"
        + "\n".join(rows)
        + "\n</tbody>\n</table>"
    )
