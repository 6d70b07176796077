"""Tell: the verdict on a file, for a person at a terminal or for a program."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape

from flows.errors import CatalogError
from flows.examine import Examined
from flows.steps.validate.telling.report import WRITERS, write_report
from flows.steps.validate.telling.words import say_fault, say_rule

LARGE_BYTES = 50_000_000
PAUSE_SECONDS = 0.2
RULES_TOLD = 20
errors = Console(stderr=True, highlight=False, soft_wrap=True)


@contextmanager
def bar_for(con: Any) -> Iterator[None]:
    """A progress bar of what DuckDB is doing on *con*, on a terminal."""
    from rich.progress import Progress

    con.execute("set enable_progress_bar = true; set enable_progress_bar_print = false")
    done = threading.Event()
    with Progress(console=errors, transient=True) as progress:
        task = progress.add_task("reading", total=100)

        def follow() -> None:
            while not done.wait(PAUSE_SECONDS):
                progress.update(task, completed=max(con.query_progress(), 0))

        thread = threading.Thread(target=follow, daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()


def wants_bar(path: Path) -> bool:
    """Whether the file is large enough for a bar, and somebody is watching."""
    return errors.is_terminal and path.is_file() and path.stat().st_size > LARGE_BYTES


def tell(examined: list[Examined], as_json: bool) -> None:
    """Print the verdicts: as JSON, or as sentences with the first examples of each fault."""
    if as_json:
        print(json.dumps(_as_json(examined), ensure_ascii=False, indent=2))  # noqa: T201
        return
    for each in examined:
        # What may be put in a file is alone on stdout.
        _tell_one(each, errors if each.proposed else Console(highlight=False, soft_wrap=True))
        if each.proposed:
            errors.print("No schema was given; this one is proposed: correct it, then use --schema")
            print(json.dumps(each.proposed, ensure_ascii=False, indent=2))  # noqa: T201


def _as_json(examined: list[Examined]) -> dict[str, Any]:
    if examined[0].resource is None:
        body = examined[0].verdict.as_json()
        return body if examined[0].proposed is None else {**body, "schema": examined[0].proposed}
    return {
        "valid": all(each.verdict.valid for each in examined),
        "resources": [{"name": each.resource, **each.verdict.as_json()} for each in examined],
    }


def _tell_one(each: Examined, console: Console) -> None:
    verdict = each.verdict
    name = escape(f"{each.resource} ({verdict.file})" if each.resource else verdict.file)
    right = verdict.rows - verdict.rejected_rows
    mark = "[green]valid[/]" if verdict.valid else "[red]not valid[/]"
    but = ", but not the file as a whole" if not (verdict.valid or verdict.rejected_rows) else ""
    console.print(f"{name}: {mark}, {right:,} of {verdict.rows:,} rows are right{but}")
    for rule in verdict.rules[:RULES_TOLD]:
        console.print(f"{rule.count:,} × {rule.type}: {say_rule(rule, 'en')}", markup=False)
        for fault in rule.examples:
            console.print(f"    {say_fault(fault, 'en')}", markup=False)
    if len(verdict.rules) > RULES_TOLD:
        console.print(f"… and {len(verdict.rules) - RULES_TOLD} more rules: see --report")
    for note in verdict.notes:
        console.print(note, markup=False)
    if verdict.fallback_fields:
        listed = ", ".join(verdict.fallback_fields)
        console.print(f"Judged by frictionless, cell by cell: {listed}", markup=False)


def refuse_report(path: Path | None) -> None:
    """Raise CatalogError for a kind of report that is not known, before any work is done."""
    if path and path.suffix.lower() not in WRITERS:
        raise CatalogError(str(path), "no such kind of report", f"end it in {', '.join(WRITERS)}")


def write_reports(path: Path, examined: list[Examined], rejects: Path | None) -> None:
    """Write a report on each verdict: to *path*, or beside it by name of resource."""
    for each in examined:
        where = path if each.resource is None else path.with_stem(f"{path.stem}-{each.resource}")
        name = rejects.name if rejects else None
        write_report(where, each.verdict, each.schema.descriptor, rejects=name)
