"""Periods: the first and last day that a dataset speaks of."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date

import duckdb

from flows.publish.draft import Draft
from flows.warehouse import shared_sql

Span = tuple[date, date]
# The columns that tell when a row is true, of the tables that are published: the first pair counts.
TELLING = (
    ("period", "period"),
    ("valid_from", "vintage"),
    ("first_vintage", "last_vintage"),
    ("event_date", "event_date"),
    ("initial_period", "target_period"),
    ("initial_period", "current_period"),
    ("first_period", "last_period"),
    ("survey_year", "survey_year"),
    ("as_of", "as_of"),
    ("vintage", "vintage"),
    ("current_on", "target_on"),
)


def days_of(period: str) -> Span:
    """The first and last day of an SDMX period (2026, 2026-Q1, 2026-03) or of a date."""
    year, _, rest = period.partition("-")
    if not rest:
        return date(int(year), 1, 1), date(int(year), 12, 31)
    if rest.startswith("Q"):
        last = 3 * int(rest[1])
        return _months(int(year), last - 2, last)
    if len(rest) == 2:
        return _months(int(year), int(rest), int(rest))
    day = date.fromisoformat(period[:10])
    return day, day


def _months(year: int, first: int, last: int) -> Span:
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])


def widest(spans: Iterable[Span | None]) -> Span | None:
    """From the first day of all to the last."""
    known = [span for span in spans if span]
    if not known:
        return None
    return min(first for first, _ in known), max(last for _, last in known)


def periods_of_datasets(con: duckdb.DuckDBPyConnection) -> dict[str, Span]:
    """By dataset of indicators, those of its values."""
    rows = con.execute(shared_sql("dcat_spans")).fetchall()
    return {dataset: (days_of(first)[0], days_of(last)[1]) for dataset, first, last in rows}


def span_of_table(draft: Draft, table: str) -> Span | None:
    """That of a published table, by the columns that tell it; none where no column or row does."""
    columns = {field["name"] for field in draft.schema(table)["fields"]}
    pair = next((each for each in TELLING if columns.issuperset(each)), None)
    if pair is None:
        return None
    first, last = pair
    # What has no end yet lasts at least until the newest beginning.
    query = f"select min({first}), max({first}), max({last}) from indicators.{table}"
    told = draft.con.execute(query).fetchall()[0]
    return widest(days_of(str(each)) for each in told if each is not None)
