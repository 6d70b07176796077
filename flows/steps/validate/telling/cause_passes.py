"""Passes: whether a mended value would satisfy the rule that its first spelling broke.

A cause is named only if mending it works; what cannot be judged here does not pass.
"""

import re
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache

from flows.steps.validate.telling.words_kinds import name_kind, read_list, split_type
from flows.steps.validate.verdict import Fault

LONGEST = 60
REPEATED_GROUP = re.compile(r"\)[*+{]")  # could take for ever on a cell that nearly fits
NUMBERS = {
    "integer": re.compile(r"[+-]?\d+", re.ASCII),
    "number": re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII),
    "number/,": re.compile(r"[+-]?\d+(,\d+)?", re.ASCII),
    "year": re.compile(r"\d{4}", re.ASCII),
    "string/uri": re.compile(r"https?://\S+\.\S+"),
    "string/email": re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+"),
    "geopoint": re.compile(r"-?\d+(\.\d+)?, ?-?\d+(\.\d+)?", re.ASCII),
}
DATES = {"default": "%Y-%m-%d", "any": "%Y-%m-%d"}
ANSWERS = ("true", "false")


def would_pass(fault: Fault, text: str) -> bool:
    """Whether *text* in the place of the cell would not be at fault."""
    test = TESTS.get(name_kind(fault))
    return len(text) <= LONGEST and test is not None and test(fault.expected, text)


def date_format(fault: Fault) -> str | None:
    """How a date is to be written, if a date is what is expected."""
    name, form = split_type(fault.expected)
    if name_kind(fault) != "type-error" or name != "date":
        return None
    return DATES.get(form, form)


def is_date(text: str, form: str) -> bool:
    """Whether *text* is a day of the calendar, written as *form* says."""
    try:
        # Python alone would take 2024-1-5; the length is that of a real day.
        return len(text) == len(datetime.strptime(text, form).strftime(form))
    except ValueError:
        return False


def has_check_digit(text: str, length: int) -> bool:
    """Whether *text* has so many digits, the last of which follows Luhn's formula."""
    if len(text) != length or not (text.isascii() and text.isdigit()):
        return False
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(text))]
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0


def _passes_type(expected: str, text: str) -> bool:
    name, form = split_type(expected)
    if name == "date":
        return is_date(text, DATES.get(form, form))
    if name == "boolean":
        return text in (form.split("|") if "|" in form else ANSWERS)
    number = NUMBERS.get(f"{name}/{form}") or NUMBERS.get(name)
    return number is not None and number.fullmatch(text) is not None


@lru_cache(maxsize=64)
def _allowed(expected: str) -> frozenset[str]:
    return frozenset(read_list(expected))


def _passes_pattern(expected: str, text: str) -> bool:
    if REPEATED_GROUP.search(expected):
        return False
    try:
        return re.fullmatch(expected, text) is not None
    except re.error:
        return False


def _measures(test: Callable[[int, int], bool]) -> Callable[[str, str], bool]:
    return lambda expected, text: expected.isdecimal() and test(len(text), int(expected))


TESTS: dict[str, Callable[[str, str], bool]] = {
    "type-error": _passes_type,
    "pattern": _passes_pattern,
    "enum": lambda expected, text: text in _allowed(expected),
    "minLength": _measures(int.__ge__),
    "maxLength": _measures(int.__le__),
    "french-siren-value": lambda _, text: has_check_digit(text, 9),
    "french-siret-value": lambda _, text: has_check_digit(text, 14),
}
