"""Moments: dates, times, years and months as DuckDB expressions."""

from datetime import date, datetime
from typing import Any

from flows.steps.validate.rules.expressions import (
    PLAIN,
    Compiled,
    F,
    bound,
    decide,
    has_bounds,
    matches,
    quote,
    read_integer,
    settle,
)
from flows.steps.validate.rules.patterns import loose_format, strict_format
from flows.steps.validate.rules.quantities import INTEGER
from flows.steps.validate.schema import Field

CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?"
ZONE = r"(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])"
ISO_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
NEVER = "false"


def compile_date(field: Field) -> Compiled | None:
    """Dates; None for a format with more than numbers."""
    if field.format in ("default", "any"):
        value = f"try_cast({F} as date)"
        yes = (
            f"strlen({F}) = 10 and cast({value} as varchar) = {F}"  # a regular expression is slower
        )
        no = f"{matches(ISO_DAY)} or {_refuse('%Y-%m-%d')}"
        is_typed = decide(yes, matches(ISO_DAY) if field.format == "any" else no)
    else:
        strict = strict_format(field.format)
        if strict is None:
            return None
        value = f"cast(try_strptime({F}, {quote(field.format)}) as date)"
        in_years = f"{value} >= date '0001-01-01'"
        is_typed = settle(matches(strict), in_years, _refuse(field.format))
    rules = bound(field, lambda text: _read_date(text, field.format), "date '{}'")
    return Compiled(is_typed, value, "DATE", rules)


def _refuse(format_: str) -> str:
    """Surely not a value: ASCII, and not even loosely of the right form."""
    return f"regexp_full_match({F}, '[ -~]*') and not {matches(loose_format(format_))}"


def compile_datetime(field: Field) -> Compiled | None:
    """Dates with a time; an offset is applied, so that the typed value is in universal time.

    None where there are bounds (a time with an offset does not compare with one without).
    """
    if has_bounds(field):
        return None
    if field.format not in ("default", "any"):
        strict = strict_format(field.format)
        if strict is None:
            return None
        value = f"try_strptime({F}, {quote(field.format)})"
        in_years = f"{value} >= timestamp '0001-01-01'"
        return Compiled(
            settle(matches(strict), in_years, _refuse(field.format)), value, "TIMESTAMP"
        )
    is_day = f"cast(try_cast(left({F}, 10) as date) as varchar) = left({F}, 10)"
    short = NEVER if field.format == "any" else f"length({F}) < 19 or substr({F}, 17, 1) <> ':'"
    is_typed = settle(matches(f"{ISO_DAY}T{CLOCK}{ZONE}?"), is_day, short)
    # DuckDB leaves the offset out where it reads a time without one.
    has_offset = f"substr({F}, -6, 1) in ('+', '-')"
    shifted = f"make_timestamp(epoch_us(try_cast({F} as timestamptz)))"
    value = f"case when {has_offset} then {shifted} else try_cast({F} as timestamp) end"
    return Compiled(is_typed, value, "TIMESTAMP")


def compile_time(field: Field) -> Compiled | None:
    """Times of day; None where there are bounds or a format."""
    if field.format not in ("default", "any") or has_bounds(field):
        return None
    short = NEVER if field.format == "any" else f"length({F}) < 8 or substr({F}, 6, 1) <> ':'"
    return Compiled(decide(matches(CLOCK), short), f"try_cast({F} as time)", "TIME")


def compile_year(field: Field) -> Compiled:
    """Years of four characters."""
    no = f"length({F}) <> 4 or ({PLAIN} and not {matches(INTEGER)})"
    is_typed = decide(matches("[0-9]{4}"), no)
    return Compiled(is_typed, f"try_cast({F} as integer)", "INTEGER", bound(field, _read_year))


def _read_year(value: Any) -> int | None:
    year = read_integer(value)
    is_long = isinstance(value, str) and len(value) != 4
    return None if is_long or year is None or not 0 <= year <= 9999 else year


def compile_yearmonth(field: Field) -> Compiled | None:
    """Months, kept as text; None where there are bounds."""
    if has_bounds(field):
        return None
    loose = r"\s*\+?[0-9]+\s*-\s*\+?[0-9]+\s*"
    is_month = f"right({F}, 2) between '01' and '12'"
    return Compiled(
        settle(matches("[0-9]{4}-[0-9]{2}"), is_month, f"{PLAIN} and not {matches(loose)}")
    )


def _read_date(value: Any, format_: str) -> date | None:
    pattern = "%Y-%m-%d" if format_ in ("default", "any") else format_
    try:
        return datetime.strptime(value, pattern).date()
    except (TypeError, ValueError):
        return None
