"""The pipeline: the same line under Prefect, with its runs, retries, names and artifacts.

This is the only module that knows Prefect.
"""

from contextlib import suppress
from pathlib import Path
from typing import Any, cast

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact
from prefect.blocks.system import Secret
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State

from flows import line
from flows.catalog import load_catalog
from flows.catalog.apis import Cube
from flows.catalog.models import Cadence
from flows.handover import Report
from flows.progress import Progress
from flows.push.push import prepare, push_release
from flows.settings import Settings, find_settings
from flows.steps.fetch.tokens import remember_token


def call_as_task(name: str, function: Any, *arguments: Any) -> Any:
    """The step as a task; what time can heal is tried again by the fetch itself."""
    return _task_of(name, function)(*arguments)


def _task_of(name: str, function: Any) -> Any:
    return task(
        function,
        name=function.__name__,
        task_run_name=name,
        cache_policy=NO_CACHE,
        persist_result=False,
    )


@flow(name="refresh", flow_run_name="refresh all sources", persist_result=False)
def refresh(root: Path | None = None, live: bool = False) -> line.Outcome:
    """Make a release from all sources, if anything has changed; *live* asks the publishers."""
    settings = find_settings(root)
    if live:
        _load_tokens(settings)
    outcome = line.refresh(settings, Progress(call_as_task), live)
    create_markdown_artifact(
        _sum_up(settings, outcome), key="refresh", description="What a run did"
    )
    return outcome


@flow(name="ingest_source", flow_run_name="ingest {name}", persist_result=False)
def ingest_source(name: str, root: Path | None = None, live: bool = False) -> list[Report]:
    """Fetch and validate one source; *live* asks its publisher."""
    settings = find_settings(root)
    if live:
        _load_tokens(settings)
    reports = line.ingest(settings, name, Progress(call_as_task), live)
    create_markdown_artifact(_table(reports), key=f"ingest-{name.replace('_', '-')}")
    return reports


@flow(name="ingest_cadence", flow_run_name="ingest {cadence} sources", persist_result=False)
def ingest_cadence(
    cadence: Cadence, root: Path | None = None, live: bool = False
) -> list[State[Any]]:
    """Fetch and validate every source of one cadence; it fails if one does, once all were tried.

    Sources of the network are among them only if *live*.
    """
    settings = find_settings(root)
    catalog = load_catalog(settings.catalog)
    names = [
        name
        for name, source in catalog.sources.items()
        if source.cadence == cadence and (source.snapshot or (live and not source.unseen))
    ]
    states = [ingest_source(name, settings.root, live, return_state=True) for name in names]
    create_markdown_artifact(_list_states("source", names, states), key=f"ingest-{cadence}")
    return states


@flow(name="push", flow_run_name="push a release", persist_result=False)
def push(
    targets: list[str] | None = None, release: str | None = None, root: Path | None = None
) -> list[State[Any]]:
    """Send a release to destinations, or to all; it fails if one does, once all were tried."""
    settings = find_settings(root)
    destinations, outgoing = prepare(settings, tuple(targets or ()), release)
    for name in (name for each in destinations for name in each.secrets):
        _load_token(name)
    tell = get_run_logger().info
    states = [
        _task_of(f"push to {each.name}", push_release)(
            settings, each, outgoing, tell, False, return_state=True
        )
        for each in destinations
    ]
    names = [each.name for each in destinations]
    create_markdown_artifact(_list_states("destination", names, states), key="push")
    return states


def _load_tokens(settings: Settings) -> None:
    """Hand on the Secret blocks that sources name; one that is not there may be a variable."""
    for source in load_catalog(settings.catalog).sources.values():
        if isinstance(source.api, Cube):
            _load_token(source.api.token)


def _load_token(name: str) -> None:
    with suppress(ValueError):  # no block of that name
        remember_token(name, cast(Secret[str], Secret.load(name)).get())


def _sum_up(settings: Settings, outcome: line.Outcome) -> str:
    if outcome.is_unchanged:
        return f"Nothing has changed since release **{outcome.release.name}**."
    warnings = [f"- {i.subject}: {i.message_en}" for i in outcome.issues if i.severity == "warning"]
    return "\n".join(
        [
            f"Release **{outcome.release.name}** in `{settings.public}`.",
            "",
            _table(outcome.reports),
            "",
            *(warnings or ["No warning."]),
        ]
    )


def _table(reports: list[Report]) -> str:
    rows = [
        f"| {r.source} | {r.edition or ''} | {r.rows:,} | {r.rejected_rows:,} |" for r in reports
    ]
    return "\n".join(
        ["| source | edition | rows | rejected |", "| --- | --- | ---: | ---: |", *rows]
    )


def _list_states(heading: str, names: list[str], states: list[State[Any]]) -> str:
    rows = [
        f"| {name} | {state.name} | {state.message or ''} |"
        for name, state in zip(names, states, strict=True)
    ]
    return "\n".join([f"| {heading} | state | message |", "| --- | --- | --- |", *rows])
