"""Judge: which answers bring a file, which may be asked again, and when."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from flows.steps.fetch.addresses import redact
from flows.steps.fetch.limits import FetchError, Limits, PassingError

if TYPE_CHECKING:
    from flows.steps.fetch.reply import Reply

REDIRECTS = (301, 302, 303, 307, 308)
PASSING = (429, 500, 502, 503, 504)
PARTIAL, UNCHANGED = 206, 304
LATER = "try again later"


def judge(reply: "Reply", wanted: Collection[int], asked: str, limits: Limits) -> None:
    """Raise FetchError unless *reply* has one of the *wanted* statuses.

    A PassingError says how long its server asks to wait. *asked* is the address we came from.
    """
    if reply.status in wanted:
        return
    told = reply.told
    if reply.address != asked:
        told += f" at {redact(reply.address)}"
    if reply.status in PASSING:
        raise PassingError(told, wait=_find_wait(reply.headers, told, limits))
    raise FetchError(told + _explain(reply.status))


def _explain(status: int) -> str:
    if status == PARTIAL:
        return ", where the whole file was asked"
    if status == UNCHANGED:
        return ", where we hold no file"
    return ", which brings no file" if 200 <= status < 300 else ""


def _find_wait(headers: Mapping[str, str], told: str, limits: Limits) -> float | None:
    """The seconds of Retry-After. Raises FetchError where they are more than we wait."""
    seconds = read_retry_after(headers.get("Retry-After"), datetime.now(UTC))
    if seconds is not None and seconds > limits.retry_after_seconds:
        most = f"over the {limits.retry_after_seconds:g} s that we wait"
        raise FetchError(f"{told}, and asks to wait {seconds:,.0f} s, {most}", LATER)
    return seconds


def read_retry_after(told: str | None, now: datetime) -> float | None:
    """The seconds that a Retry-After gives, also as a date; None where it says nothing."""
    told = (told or "").strip()
    if told.isascii() and told.isdigit():
        return float(told[:12])
    date = read_date(told)
    return None if date is None else max(0.0, (date - now).total_seconds())


def read_date(told: str | None) -> datetime | None:
    """A date of HTTP; None where it cannot be read."""
    try:
        date = parsedate_to_datetime(told or "")
        return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None
