"""Causes: what has probably happened to a cell, when there is little doubt about it."""

import re
from collections.abc import Callable

from flows.steps.validate.telling.cause_mends import FRENCH_DATES, MENDS, fold, list_spellings
from flows.steps.validate.telling.cause_passes import LONGEST, date_format, is_date, would_pass
from flows.steps.validate.telling.words_kinds import is_header, name_kind, split_type
from flows.steps.validate.verdict import Fault

DAMAGED = re.compile("\ufffd|Ã[\u00a0-\u00bf\u0152-\u2122]|Â[\u00a0-\u00bf]|â€")
SPREADSHEET_ERROR = re.compile(
    r"#(N/A|REF!|DIV/0!|VALUE!|VALEUR!|NAME\?|NOM\?|NUM!|NOMBRE!|NULL!|NUL!)", re.IGNORECASE
)
SCIENTIFIC = re.compile(r"\d([.,]\d+)?[eE]\+?\d+", re.ASCII)
MISSING = re.compile(  # as `fold` leaves them
    r"n\.?[acdr]\.?|n[/ ][acdr]|null|none|nan|neant|so|sans objet|a completer|inconnue?"
    r"|non (connue?|renseignee?|communiquee?|disponible)|[?x]+|[/.]|0000 00 00|00/00/0000"
)
DASHES = re.compile(r"[-–—]+")
PARTIAL = re.compile(r"\d{4}([-/]\d{2})?|\d{2}/\d{4}", re.ASCII)
DAY = re.compile(r"\d{4}-\d\d-\d\d|\d\d[/.-]\d\d[/.-]\d{4}", re.ASCII)
POINT = re.compile(r"\[?(-?\d+\.\d+), ?(-?\d+\.\d+)\]?", re.ASCII)
LONG = 10_000
NO_VALUE = frozenset(
    ["required", "blank-row", "extra-cell", "missing-cell", "swallowed-rows", "primary-key"]
)


def likely_cause(fault: Fault) -> str | None:
    """A code of the causes in `words_fr`; None when unsure."""
    return _find(fault)[0]


def suggest_value(fault: Fault) -> str | None:
    """The value that was probably meant, if it would pass; None when unsure."""
    return _find(fault)[1]


def _find(fault: Fault) -> tuple[str | None, str | None]:
    cell = fault.cell
    if not cell or not cell.strip() or name_kind(fault) in NO_VALUE:
        return None, None
    if len(cell) > LONGEST:
        return ("wrong_encoding" if DAMAGED.search(cell[:LONG]) else None), None
    sign = next((code for code, sees in SIGNS.items() if sees(cell.strip(), fault)), None)
    if sign and sign != "wrong_encoding":
        return sign, None
    for code, mend in MENDS.items():
        mended = mend(cell.strip(), fault)
        if mended and mended != cell and would_pass(fault, mended):
            return sign or code, mended
    if sign:
        return sign, None
    return next((code for code, sees in LAST.items() if sees(cell.strip(), fault)), None), None


def _is_missing(cell: str, fault: Fault) -> bool:
    if is_header(fault) or _is_answer(cell, fault):
        return False
    return MISSING.fullmatch(fold(cell)) is not None or DASHES.fullmatch(cell) is not None


def _is_answer(cell: str, fault: Fault) -> bool:
    """Whether `x` may be a tick, or a value of the list spelt with other capitals."""
    ticked = name_kind(fault) == "type-error" and split_type(fault.expected)[0] == "boolean"
    return (ticked and fold(cell) == "x") or (
        name_kind(fault) == "enum" and fold(cell) in list_spellings(fault.expected)
    )


def _is_scientific(cell: str, fault: Fault) -> bool:
    is_code = name_kind(fault) in {"pattern", "french-siren-value", "french-siret-value"}
    whole = name_kind(fault) == "type-error" and split_type(fault.expected)[0] == "integer"
    return (is_code or whole) and SCIENTIFIC.fullmatch(cell) is not None


def _is_swapped(cell: str, fault: Fault) -> bool:
    """Whether latitude comes first: in mainland France, 41 to 52, and longitude -6 to 10."""
    if name_kind(fault) == "reversed-french-gps-coordinates":
        return True
    match = POINT.fullmatch(cell)
    if match is None or name_kind(fault) != "french-gps-coordinates":
        return False
    return 41 <= float(match[1]) <= 52 and -6 <= float(match[2]) <= 10


def _is_partial(cell: str, fault: Fault) -> bool:
    return date_format(fault) is not None and PARTIAL.fullmatch(cell) is not None


def _is_impossible(cell: str, fault: Fault) -> bool:
    if date_format(fault) is None or not DAY.fullmatch(cell):
        return False
    return not any(is_date(cell, form) for form in ("%Y-%m-%d", *FRENCH_DATES))


Sign = Callable[[str, Fault], bool]
# Seen on the cell itself, before any mending.
SIGNS: dict[str, Sign] = {
    "wrong_encoding": lambda cell, _: DAMAGED.search(cell) is not None,
    "spreadsheet_error": lambda cell, _: SPREADSHEET_ERROR.fullmatch(cell) is not None,
    "text_for_missing": _is_missing,
    "scientific_notation": _is_scientific,
    "coordinates_swapped": _is_swapped,
}
# Looked for only where no mending works.
LAST: dict[str, Sign] = {"partial_date": _is_partial, "impossible_date": _is_impossible}
