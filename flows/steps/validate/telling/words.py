"""Words: each fault and each rule in plain French and English sentences."""

import re
from collections.abc import Callable
from functools import cache, lru_cache

from flows.steps.validate.telling.shown import COLONS, quote, say_number, shorten, typeset
from flows.steps.validate.telling.words_kinds import (
    Kind,
    Words,
    is_header,
    name_kind,
    read_list,
    split_type,
)
from flows.steps.validate.verdict import Fault, Rule

LISTED = 10
DIGITS = re.compile(r"\^?(?:\\d|\[0-9\])\{(\d+)\}\$?")
COMMUNES = ("([013-9]\\d|2[AB1-9])\\d{3}", "([0-9]{2}|2[AB])[0-9]{3}")


def say_fault(fault: Fault, language: str) -> str:
    """One sentence: where, which value, what is wrong. A cell of None is not spoken of."""
    kind = _kind(name_kind(fault), language)
    said = kind.fault.format(
        value=_say_value(fault.cell, language), expected=_say_wanted(fault, language)
    )
    if place := say_place(fault, language):
        return f"{place}{COLONS[language]}{said}."
    return f"{said[0].upper()}{said[1:]}."


def say_place(fault: Fault, language: str) -> str:
    """The row and the column, or nothing for the whole file."""
    labels = _words(language).labels
    where = labels["header"] if is_header(fault) else say_row(fault, language)
    seen = fault.field or (fault.cell if is_header(fault) else "")
    field = labels["field"].format(field=quote(seen, language)) if seen else ""
    place = ", ".join(part for part in (where, field) if part)
    return place[:1].upper() + place[1:]


def say_row(fault: Fault, language: str) -> str:
    """The row of the table, and the line of the file where they differ."""
    names = {
        (True, True): "row" if fault.row == fault.line else "row_and_line",
        (True, False): "row",
        (False, True): "line",
    }
    name = names.get((fault.row is not None, fault.line is not None))
    return _words(language).labels[name].format(row=fault.row, line=fault.line) if name else ""


def say_rule(rule: Rule, language: str) -> str:
    """The rule that is broken, as a heading."""
    said = _kind(name_kind(rule), language).rule.format(expected=_say_wanted(rule, language))
    if not rule.field:
        return said
    place = _words(language).labels["field"].format(field=quote(rule.field, language))
    return f"{place[0].upper()}{place[1:]}{COLONS[language]}{said[0].lower()}{said[1:]}"


def say_expected(rule: Fault | Rule, language: str) -> str:
    """What a good value is, to a person who does not program."""
    return _kind(name_kind(rule), language).expected.format(expected=_say_wanted(rule, language))


def say_remedy(rule: Fault | Rule, cause: str | None, language: str) -> str:
    """How to mend it: by its cause where that is known, else by the rule."""
    causes = _words(language).causes
    if cause in causes:
        return typeset(causes[cause][1], language)
    return _kind(name_kind(rule), language).remedy


def say_cause(cause: str | None, language: str) -> str:
    """What has probably happened; nothing when it is not known."""
    causes = _words(language).causes
    return typeset(causes[cause][0], language) if cause in causes else ""


@cache
def _words(language: str) -> Words:
    from flows.steps.validate.telling import words_en, words_fr

    return {"fr": words_fr.WORDS, "en": words_en.WORDS}[language]


@cache
def _kind(name: str, language: str) -> Kind:
    kinds = _words(language).kinds
    return Kind(*(typeset(text, language) for text in kinds.get(name, kinds["other"])))


def _say_value(cell: str | None, language: str) -> str:
    labels = _words(language).labels
    if cell is None:
        return labels["unseen"]
    return labels["value"].format(cell=quote(cell, language)) if cell else labels["empty"]


def _say_wanted(rule: Fault | Rule, language: str) -> str:
    """The value of the rule in the schema, in words."""
    return SAYINGS.get(name_kind(rule), _say_plainly)(rule.expected, language)


def _say_plainly(expected: str, language: str) -> str:
    return shorten(expected)


def _say_length(expected: str, language: str) -> str:
    name = "character" if expected == "1" else "characters"
    return _words(language).labels[name].format(n=shorten(expected))


@lru_cache(maxsize=256)
def _say_type(expected: str, language: str) -> str:
    types, (name, form) = _words(language).types, split_type(expected or "any")
    names = (f"{name}/{form}", name if form == "default" else f"{name}/", name, "other")
    key = next(key for key in names if key in types)
    said = types[key].format(name=shorten(name), form=_say_format(form, language))
    return typeset(said, language)


def _say_format(form: str, language: str) -> str:
    """`%d/%m/%Y` is JJ/MM/AAAA; `oui|non` is « oui » ou « non »."""
    labels = _words(language).labels
    if "|" in form:
        return labels["or"].join(quote(answer, language) for answer in form.split("|"))
    return shorten(re.sub("%([Yymd])", lambda match: labels[match[1]], form))


@lru_cache(maxsize=256)
def _say_list(expected: str, language: str) -> str:
    values = read_list(expected)
    said = [quote(value, language) for value in values[:LISTED]]
    if len(values) > LISTED:
        left = say_number(len(values) - LISTED, language)
        said.append(_words(language).labels["more"].format(n=left))
    return ", ".join(said)


@lru_cache(maxsize=256)
def _say_pattern(expected: str, language: str) -> str:
    patterns = _words(language).patterns
    if match := DIGITS.fullmatch(expected):
        return patterns["digits"].format(n=match[1])
    if expected.strip("^$") in COMMUNES:
        return patterns["commune"]
    return patterns["other"].format(pattern=quote(expected, language))


SAYINGS: dict[str, Callable[[str, str], str]] = {
    "type-error": _say_type,
    "enum": _say_list,
    "pattern": _say_pattern,
    "minLength": _say_length,
    "maxLength": _say_length,
}
