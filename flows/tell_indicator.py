"""Tell of an indicator: its card, and how one of its numbers came about, as text or as JSON."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, Literal

from flows.card import SHADES, Card, Row
from flows.catalog import Indicator
from flows.catalog.secrecy import Secrecy
from flows.explained import Explained

Language = Literal["fr", "en"]
STATUS = {
    "A": "normal",
    "B": "break in the series",
    "E": "estimated",
    "P": "provisional",
    "M": "cannot exist: its denominator is zero",
    "O": "missing, or withheld since too few people are covered",
    "Q": "hidden for statistical secrecy",
}
ESTIMATION = {
    "carried_over": "take the count of another year",
    "split": "are shares of a commune that was split",
    "provisional": "are provisional at their publisher",
}
COUNTS = ("territories", "with_value", "estimated", "missing", "not_applicable", "hidden")
SHOWN = 10


def card_as_json(card: Card) -> str:
    """All of the card."""
    return _as_json({**asdict(card), "indicator": card.indicator.model_dump(mode="json")})


def explained_as_json(explained: Explained) -> str:
    """All that was found out."""
    told = {**asdict(explained), "indicator": explained.indicator.model_dump(mode="json")}
    return _as_json(told)


def tell_card(card: Card, language: Language) -> Iterator[str]:
    """The lines of a card."""
    yield from _head(card.indicator, language)
    yield f"\n{getattr(card.indicator.description, language)}"
    yield f"\nMethod: {getattr(card.indicator.method, language)}"
    yield from _rules(card.indicator, language)
    yield "\nSources"
    yield from _files(card.sources, language)
    yield from _columns(card.columns)
    yield from _levels(card.levels)
    for label, rows in (("Highest", card.highest), ("Lowest", card.lowest)):
        yield f"\n{label} ({card.level})"
        for row in rows:
            value = _value(card.indicator, row["value"])
            yield f"  {value:>14}  {row['territory_id']:<16} {row['name']}"
    if card.missing_map:
        yield f"\nCommunes without a value, from none ({SHADES[0]}) to all ({SHADES[-1]})"
        yield from card.missing_map


def tell_explained(explained: Explained, language: Language) -> Iterator[str]:
    """The lines of an explanation."""
    indicator, seen = explained.indicator, explained.observation
    yield from _head(indicator, language)
    yield f"\n{seen['territory_id']} {seen['name']}, {seen['period']}"
    unit = "" if seen["value"] is None else f" {getattr(indicator.unit, language)}"
    yield f"  value     {_value(indicator, seen['value'])}{unit}"
    yield from _formula(indicator, seen)
    yield f"  status    {seen['obs_status']}: {STATUS[seen['obs_status']]}"
    for way, count in explained.estimation.items():
        yield f"            {count:,} parts {ESTIMATION[way]}"
    for each in indicator.breaks:
        yield f"            break from {each.period}: {getattr(each.reason, language)}"
    yield (
        f"  coverage  {seen['coverage']:.1%} of its people"
        f" (the indicator asks for {indicator.coverage:.0%})"
    )
    yield from _members(explained)
    yield from _series(explained)
    yield "\nSources"
    yield from _files(explained.files, language)
    yield from _lost(explained.lost)
    yield from _columns(explained.columns)
    yield "\nChecks"
    for row in explained.checks:
        yield f"  {'holds' if row['holds'] else 'BROKEN'}: {row['check']}"


def _levels(levels: list[Row]) -> Iterator[str]:
    yield "\nCoverage in the newest period of each level"
    yield f"  {'level':<18}{'period':<9}" + "".join(f"{each:>16}" for each in COUNTS)
    for row in levels:
        counts = "".join(f"{row[each]:>16,}" for each in COUNTS)
        yield f"  {row['level']:<18}{row['period']:<9}{counts}"


def _head(indicator: Indicator, language: Language) -> Iterator[str]:
    yield f"{indicator.name}: {getattr(indicator.title, language)}"
    yield f"in {getattr(indicator.unit, language)}"


def _rules(indicator: Indicator, language: Language) -> Iterator[str]:
    yield f"\nTheme {indicator.theme}; {indicator.direction.replace('_', ' ')}"
    yield f"Given by {indicator.level}, rolled up as {indicator.rollup}"
    yield f"Published from {indicator.published_from} on"
    yield f"Values between {indicator.value.min:g} and {indicator.value.max:g}"
    if indicator.secrecy != "none":
        yield _tell_secrecy(indicator.secrecy, language)
    if indicator.usage_warnings:
        yield f"Usage warnings: {', '.join(indicator.usage_warnings)}"


def _tell_secrecy(rule: Secrecy, language: Language) -> str:
    told = f"Secrecy of {rule.kind}: a value on fewer than {rule.min_units} is hidden"
    if rule.dominance_percent < 100:
        told += f", and one of which a single one makes up over {rule.dominance_percent:g} %"
    return f"{told} ({getattr(rule.reason, language)})" if rule.reason else told


def _files(files: list[Row], language: Language) -> Iterator[str]:
    for name in dict.fromkeys(file["source"] for file in files):
        editions = [file for file in files if file["source"] == name]
        first = editions[0]
        title = getattr(first["title"], language)
        yield f"  {name}: {title} ({first['publisher']}; {first['licence']})"
        for file in editions:
            edition = f"{file['edition']}: " if file["edition"] is not None else ""
            yield (
                f"    {edition}{file['row_count']:,} rows, {file['rejected_rows']:,} rejected,"
                f" of {file['modified']}, sha256 {file['sha256'][:16]}…"
            )
            if rows := file.get("source_rows"):
                more = f" … {len(rows):,} in all" if len(rows) > SHOWN else ""
                yield f"      rows {', '.join(map(str, rows[:SHOWN]))}{more}"


def _lost(lost: list[Row]) -> Iterator[str]:
    for row in lost:
        if row["lost_rows"]:
            of = f"{_count(row['lost_rows'])} of {_count(row['row_count'])} rows"
            map_ = f"on the map of {row['vintage']}"
            yield f"  {row['source']}: {of} {map_} carry a code that no map knows"


def _columns(columns: dict[str, list[str]]) -> Iterator[str]:
    yield "\nColumns"
    for column, origin in columns.items():
        yield f"  {column} ← {', '.join(origin) or 'a count of rows, or a constant'}"


def _formula(indicator: Indicator, seen: Row) -> Iterator[str]:
    if seen["numerator"] is None:
        return
    told = f"  numerator {_count(seen['numerator'])}"
    if seen["denominator"] is not None:
        told += f", denominator {_count(seen['denominator'])}"
        times = f"{indicator.per:,} × " if indicator.per != 1 else ""
        told += f": {times}numerator ÷ denominator"
    yield told


def _members(explained: Explained) -> Iterator[str]:
    members = explained.members
    if not members:
        return
    added = "not added up: given for each" if explained.indicator.rollup == "none" else "added up"
    yield f"\n{len(members):,} parts, {added}; the first by numerator"
    for row in members[:SHOWN]:
        yield f"  {row['part_id']:<16} {row['name']:<32} {_part(row)}"


def _part(row: Row) -> str:
    """What is known of one part: its counts, or why there are none."""
    if row["obs_status"] is None:
        return "not published at this level"
    if row["obs_status"] in ("M", "O", "Q"):
        return STATUS[row["obs_status"]]
    if row["numerator"] is None:
        return f"{row['value']:g}"
    return " / ".join(_count(row[each]) for each in ("numerator", "denominator"))


def _series(explained: Explained) -> Iterator[str]:
    if len(explained.periods) > 1:
        yield "\nOther periods"
        yield "  " + ", ".join(
            f"{row['period']}: {_value(explained.indicator, row['value'])}"
            + (f" ({row['obs_status']})" if row["obs_status"] != "A" else "")
            for row in explained.periods
        )


def _value(indicator: Indicator, value: float | None) -> str:
    return "none" if value is None else f"{value:,.{indicator.decimals}f}"


def _count(value: Any) -> str:
    return "–" if value is None else f"{float(value):,.6f}".rstrip("0").rstrip(".")


def _as_json(body: Any) -> str:
    return json.dumps(body, ensure_ascii=False, indent=2, default=_plain)


def _plain(value: Any) -> Any:
    """What JSON does not know: texts in two languages, and exact numbers."""
    return value.model_dump() if hasattr(value, "model_dump") else float(value)
