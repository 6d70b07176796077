"""Tell the history: the list of releases and their differences, for a person at a terminal."""

from collections.abc import Iterator
from typing import Any

from flows.publish.release import find_latest
from flows.releases.index import list_releases, read_index
from flows.settings import Settings


def list_entries(settings: Settings) -> list[dict[str, Any]]:
    """What the index says of each release that stands, and whether `latest` points at it."""
    latest, told = find_latest(settings.public), read_index(settings.public)
    return [
        {**told[release.name], "is_latest": release == latest}
        for release in reversed(list_releases(settings.public))
        if release.name in told
    ]


def tell_entries(entries: list[dict[str, Any]]) -> Iterator[str]:
    """A line for each release, and one for why it stays."""
    if not entries:
        yield "no release yet: jalon run makes one"
    for each in entries:
        mark = "*" if each["is_latest"] else " "
        size = f"{each['bytes'] / 1e6:,.1f} MB"
        head = f"{mark} {each['name']:<14} {each['version']:<9} data of {each['data_modified']}"
        yield f"{head}  {size:>11}  {_first(each['summary']['en'])}"
        why = ", ".join(reason["en"] for reason in each["kept_because"]) or "nothing keeps it"
        yield f"  {'':<14} {'':<9} stays: {why}"
        if each["withdrawn"]:
            yield f"  {'':<14} {'':<9} withdrawn: {each['withdrawn']}"


def _first(sentences: list[str]) -> str:
    more = f" (and {len(sentences) - 1} more)" if len(sentences) > 1 else ""
    return f"{sentences[0]}{more}" if sentences else ""


def tell_changes(changes: dict[str, Any], language: str) -> Iterator[str]:
    """The sentences, then a table of the indicators whose observations differ."""
    before, after = changes["before"], changes["after"]
    yield f"{before['version']} ({before['name']}) → {after['version']} ({after['name']})"
    yield from changes["summary"][language]
    rows = [each for each in changes["indicators"] if each["reasons"]]
    if rows:
        yield ""
        yield f"{'indicator':<42} {'added':>10} {'modified':>10} {'deleted':>10}  why"
    for each in rows:
        counts = " ".join(f"{each[key]:>10,}" for key in ("added", "modified", "deleted"))
        yield f"{each['indicator']:<42} {counts}  {', '.join(each['reasons'])}"
