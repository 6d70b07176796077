"""Patterns: which regular expressions and date formats DuckDB reads as Python does.

RE2, DuckDB's engine, is linear and knows no Unicode classes behind \\d, \\w, \\s and \\b. A verdict
of RE2 is taken where both engines must agree; the other cells go through Python.
"""

import re
from dataclasses import dataclass
from functools import cache

import duckdb

from flows.steps.validate.rules.expressions import quote

# Spellings that both engines take and read differently: {,n}, POSIX classes, \Q, \C, \A, \Z, \z.
READ_DIFFERENTLY = re.compile(r"\{,|\[:|\\[QECAZz]|\(\?[a-zA-Z]*[iLuxa]")
CLASS_ESCAPES = re.compile(r"\\[dws]")
NEGATED_ESCAPES = re.compile(r"\\[DWSbB]|\[\^[^\]]*\\[dws]")

DIRECTIVES = {"Y": 4, "m": 2, "d": 2, "H": 2, "M": 2, "S": 2}


@dataclass(frozen=True)
class Pattern:
    """A pattern for RE2: a match is sure on ASCII text only if `needs_ascii`."""

    re2: str
    accepts_ascii_only: bool
    refuses_ascii_only: bool


def translate_pattern(pattern: str) -> Pattern | None:
    """*pattern* anchored as frictionless anchors it (`^…$`, matched from the start), or None.

    Python's `$` also matches before a last newline: a cell that holds one is never sure.
    """
    anchored = f"^(?:^{pattern}$)"
    if READ_DIFFERENTLY.search(pattern) or not _compiles(anchored):
        return None
    negated = bool(NEGATED_ESCAPES.search(pattern))
    return Pattern(anchored, negated, negated or bool(CLASS_ESCAPES.search(pattern)))


def _compiles(pattern: str) -> bool:
    try:
        _engine().execute(f"select regexp_matches('', {quote(pattern)})")
    except duckdb.Error:
        return False
    return True


@cache
def _engine() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def strict_format(format_: str) -> str | None:
    """A regular expression for cells that a date format surely reads: every number zero-filled.

    None where the format has more than years, months, days, hours, minutes and seconds, each once.
    """
    parts = re.findall(r"%(.)|([^%]+)", format_)
    letters = [letter for letter, _ in parts if letter]
    if not letters or set(letters) - set(DIRECTIVES) or len(set(letters)) < len(letters):
        return None
    if any(re.search(r"[\s\w]", text) for _, text in parts if text):
        return None
    return "".join(
        f"[0-9]{{{DIRECTIVES[letter]}}}" if letter else re.escape(text) for letter, text in parts
    )


def loose_format(format_: str) -> str:
    """A regular expression for all ASCII cells that Python could read with that format."""
    parts = re.findall(r"%(.)|([^%]+)", format_)
    return "".join(
        f"[ ]?[0-9]{{1,{DIRECTIVES[letter]}}}" if letter else re.escape(text)
        for letter, text in parts
    )
