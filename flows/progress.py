"""Progress: one line a step while a run goes on, and what was published at its end."""

import time
from collections import Counter
from pathlib import Path
from typing import Any

from rich.console import Console

from flows.handover import Loss, RawFile, Report
from flows.line import Outcome, Step
from flows.settings import Settings

DOCS = "checks/gx/uncommitted/data_docs/local_site/index.html"
console = Console(highlight=False, soft_wrap=True)


class Progress:
    """A step that says how long it took and what it counted, then hands on what it gave."""

    def __init__(self, step: Step) -> None:
        self._step = step

    def __call__(self, name: str, function: Any, *arguments: Any) -> Any:
        """Call the step under *name*."""
        start = time.monotonic()
        with console.status(name):
            result = self._step(name, function, *arguments)
        seconds = time.monotonic() - start
        console.print(f"[green]✔[/] {name:<46} {_count(result):<36} {seconds:6.1f} s")
        return result


def call_directly(name: str, function: Any, *arguments: Any) -> Any:
    """The step without an orchestrator."""
    return function(*arguments)


def _count(result: Any) -> str:
    """What a step gave, in a few words."""
    if isinstance(result, Path):
        return result.name
    if isinstance(result, dict):
        return _count_fetched(result)
    if isinstance(result, tuple):
        result = result[1]  # the files that are used, and their reports
    items = result if isinstance(result, list) else []
    if items and isinstance(items[0], RawFile):
        size = sum(item.path.stat().st_size for item in items)
        return f"{len(items)} file{'s' * (len(items) > 1)}, {size / 1e6:.1f} MB"
    if items and isinstance(items[0], Report):
        rows, rejected = sum(r.rows for r in items), sum(r.rejected_rows for r in items)
        return f"{rows:,} rows, {rejected:,} rejected"
    if items and isinstance(items[0], Loss):
        lost = sum(item.lost_rows for item in items)
        return f"{lost:,} rows on no map"
    return ""


def _count_fetched(found: dict[str, Any]) -> str:
    """How many sources of the network were asked, failed, or are used as they were before."""
    failed = sum(not isinstance(each, list) for each in found.values())
    files = [file for each in found.values() if isinstance(each, list) for file in each]
    old = len({file.source for file in files if file.trouble})
    return f"{len(found)} sources, {failed} failed, {old} as they were"


def tell_outcome(settings: Settings, outcome: Outcome) -> None:
    """What was published, where, what was rejected, and what to type next."""
    latest = settings.public / "latest"
    if outcome.is_unchanged:
        console.print(f"Nothing has changed since release {outcome.release.name}: {latest}")
        _tell_warnings(outcome)
        return
    if outcome.is_new:
        console.print(f"\nPublished release [bold]{outcome.release.name}[/]: {latest}")
    else:
        console.print(f"\nThe data are those of release {outcome.release.name}: {latest}")
    rejected = Counter({r.source: r.rejected_rows for r in outcome.reports if r.rejected_rows})
    total = sum(report.rows for report in outcome.reports)
    console.print(f"Read {total:,} rows, rejected {rejected.total():,}.")
    _tell_warnings(outcome)
    console.print(
        "\nNext:\n"
        f"  read {latest / 'index.html'} in a browser\n"
        f'  duckdb {latest / "jalon.duckdb"} "from observations_named limit 10"\n'
        f"  see what is to be known of the data in {latest / 'issues.json'}\n"
        f"  see every check in {settings.data / DOCS}"
    )


def _tell_warnings(outcome: Outcome) -> None:
    for issue in outcome.issues:
        if issue.severity == "warning":
            console.print(f"[yellow]![/] {issue.subject}: {issue.message_en}")
