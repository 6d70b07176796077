"""Mends: each cause undone on one cell. None where the cause does not look to be there."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import lru_cache

from flows.steps.validate.telling.cause_passes import date_format, is_date, would_pass
from flows.steps.validate.telling.words_kinds import name_kind, read_list, split_type
from flows.steps.validate.verdict import Fault

Mend = Callable[[str, Fault], str | None]
SPACES = "[ \u00a0\u202f\u2009]"
THOUSANDS = re.compile(rf"[+-]?\d{{1,3}}(?:(?:{SPACES}\d{{3}})+|(?:\.\d{{3}}){{2,}})([.,]\d+)?")
WHOLE = re.compile(r"([+-]?\d+)[.,]0+")
DECIMAL = re.compile(r"[+-]?\d+,\d+")
UNIT = re.compile(rf"([+-]?[\d.,]+){SPACES}*(?:%|€|EUR|euros?|km|m|m²|m2|kg|ha|ans?)", re.I)
SERIAL = re.compile(r"[2-6]\d{4}")  # from 1954 to 2091
FIRST_DAY = date(1899, 12, 30)
FRENCH_DATES = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y")
MONTHS = [
    "janvier",
    "fevrier",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "decembre",
]
IN_WORDS = re.compile(r"(\d{1,2})(?:er)? ([a-z]+) (\d{4})")
YES = frozenset(["oui", "o", "vrai", "true", "yes", "y", "1", "x", "t"])
NO = frozenset(["non", "n", "faux", "false", "no", "0", "f"])


def fold(text: str) -> str:
    """*text* without case, accents, or the difference between spaces, hyphens and apostrophes."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[\s_'’‐‑–-]+", " ", kept).split())


@lru_cache(maxsize=64)
def list_spellings(expected: str) -> dict[str, list[str]]:
    """The values of a list under what `fold` leaves of them."""
    spellings: dict[str, list[str]] = {}
    for value in read_list(expected):
        spellings.setdefault(fold(value), []).append(value)
    return spellings


def _mend_case(cell: str, fault: Fault) -> str | None:
    if name_kind(fault) != "enum":
        return None
    alike = list_spellings(fault.expected).get(fold(cell), [])
    return alike[0] if len(alike) == 1 else None


def _mend_zero(cell: str, fault: Fault) -> str | None:
    """A zero is put back before a code, never before a number or a year."""
    is_code = name_kind(fault) != "type-error" and cell.isascii() and cell.isdigit()
    return f"0{cell}" if is_code else None


def _mend_thousands(cell: str, fault: Fault) -> str | None:
    if name_kind(fault) != "type-error" or not THOUSANDS.fullmatch(cell):
        return None
    found = re.search(r"[.,](\d+)$", cell)
    if found is None or (found[0][0] == "." and cell.count(".") > 1):
        return _only_digits(cell)
    return _only_digits(cell[: found.start()]) + _decimal_mark(fault) + found[1]


def _only_digits(text: str) -> str:
    return re.sub(rf"{SPACES}|\.", "", text)


def _decimal_mark(fault: Fault) -> str:
    return "," if split_type(fault.expected)[1] == "," else "."


def _mend_decimal(cell: str, fault: Fault) -> str | None:
    return cell.replace(",", ".") if DECIMAL.fullmatch(cell) else None


def _mend_whole(cell: str, fault: Fault) -> str | None:
    """1004.0 is 1004, or 01004 where a code has lost its zero as well."""
    match = WHOLE.fullmatch(cell)
    if match is None or would_pass(fault, match[1]):
        return match and match[1]
    return _mend_zero(match[1], fault)


def _mend_unit(cell: str, fault: Fault) -> str | None:
    match = UNIT.fullmatch(cell)
    return match and re.sub("[.,]", _decimal_mark(fault), match[1])


def _mend_spaces(cell: str, fault: Fault) -> str | None:
    is_code = name_kind(fault) != "type-error" and re.search(r"\d[\s.-]+\w", cell)
    return re.sub(r"[\s.-]+", "", cell) if is_code else None


def _mend_encoding(cell: str, fault: Fault) -> str | None:
    try:
        return cell.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return None


def _mend_answer(cell: str, fault: Fault) -> str | None:
    name, form = split_type(fault.expected)
    if name_kind(fault) != "type-error" or name != "boolean":
        return None
    yes, no = form.split("|", 1) if "|" in form else ("true", "false")
    return {**dict.fromkeys(YES, yes), **dict.fromkeys(NO, no)}.get(fold(cell))


def _mend_address(cell: str, fault: Fault) -> str | None:
    return None if "://" in cell or "@" in cell or " " in cell else f"https://{cell}"


def _from_dates(*forms: str) -> Mend:
    """Rewrite a date that is written as one of *forms* as the schema expects it."""

    def mend(cell: str, fault: Fault) -> str | None:
        wanted = date_format(fault)
        found = next((form for form in forms if is_date(cell, form)), None)
        return found and wanted and datetime.strptime(cell, found).strftime(wanted)

    return mend


def _mend_swap(cell: str, fault: Fault) -> str | None:
    form = date_format(fault) or ""
    swapped = form.translate({ord("d"): "m", ord("m"): "d"})
    return _from_dates(swapped)(cell, fault) if swapped != form else None


def _mend_words(cell: str, fault: Fault) -> str | None:
    match = IN_WORDS.fullmatch(fold(cell))
    if match is None or match[2] not in MONTHS:
        return None
    day, month, year = int(match[1]), MONTHS.index(match[2]) + 1, match[3]
    return _from_dates("%Y-%m-%d")(f"{year}-{month:02}-{day:02}", fault)


def _mend_time(cell: str, fault: Fault) -> str | None:
    match = re.fullmatch(r"(\S{8,10})[T ]\d\d?:\d\d(:\d\d\S*)?", cell)
    if match is None or date_format(fault) is None:
        return None
    return _from_dates("%Y-%m-%d", *FRENCH_DATES)(match[1], fault)


def _mend_serial(cell: str, fault: Fault) -> str | None:
    wanted = date_format(fault)
    if wanted is None or not SERIAL.fullmatch(cell):
        return None
    return (FIRST_DAY + timedelta(days=int(cell))).strftime(wanted)


# In the order in which they are tried: the surest first.
MENDS: dict[str, Mend] = {
    "trailing_space": lambda cell, _: cell,  # without its spaces, as every mend is given it
    "wrong_encoding": _mend_encoding,
    "case_or_accent": _mend_case,
    "boolean_words": _mend_answer,
    "day_month_swapped": _mend_swap,
    "french_date": _from_dates(*FRENCH_DATES),
    "us_date": _from_dates("%m/%d/%Y"),
    "date_in_words": _mend_words,
    "iso_date": _from_dates("%Y-%m-%d"),
    "time_after_date": _mend_time,
    "compact_date": _from_dates("%Y%m%d"),
    "excel_date_number": _mend_serial,
    "excel_decimal": _mend_whole,
    "thousands_separator": _mend_thousands,
    "decimal_comma": _mend_decimal,
    "percent_or_unit": _mend_unit,
    "lost_leading_zero": _mend_zero,
    "spaces_inside": _mend_spaces,
    "missing_https": _mend_address,
}
