"""The pipeline: the same line under Prefect, with its runs, retries, names and artifacts.

This is the only module that knows Prefect.
"""

from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from requests.exceptions import ChunkedEncodingError, ConnectionError, RetryError, Timeout

from flows import line
from flows.catalog import load_catalog
from flows.catalog.models import Cadence
from flows.handover import Report
from flows.progress import Progress
from flows.settings import Settings, find_settings

RETRY_SECONDS = [2.0, 10.0, 60.0]

# A connection that breaks, and a server in trouble; not an address that is wrong.
PASSING_TROUBLES = (ConnectionError, Timeout, ChunkedEncodingError, RetryError)


def call_as_task(name: str, function: Any, *arguments: Any) -> Any:
    """The step as a task; only a fetch is tried again, since only there time can heal."""
    is_fetch = name.startswith("fetch ")
    run = task(
        function,
        name=function.__name__,
        task_run_name=name,
        cache_policy=NO_CACHE,
        persist_result=False,
        retries=len(RETRY_SECONDS) if is_fetch else 0,
        retry_delay_seconds=RETRY_SECONDS if is_fetch else None,
        retry_condition_fn=_can_heal if is_fetch else None,
    )
    return run(*arguments)


def _can_heal(_task: Any, _run: Any, state: State[Any]) -> bool:
    """Whether the fetch failed of what may pass; the fault of the network is the error's cause."""
    return isinstance(getattr(state.data, "__cause__", None), PASSING_TROUBLES)


@flow(name="refresh", flow_run_name="refresh all sources", persist_result=False)
def refresh(root: Path | None = None) -> line.Outcome:
    """Make a release from all sources, if anything has changed."""
    settings = find_settings(root)
    outcome = line.refresh(settings, Progress(call_as_task))
    create_markdown_artifact(
        _sum_up(settings, outcome), key="refresh", description="What a run did"
    )
    return outcome


@flow(name="ingest_source", flow_run_name="ingest {name}", persist_result=False)
def ingest_source(name: str, root: Path | None = None) -> list[Report]:
    """Fetch and validate one source."""
    reports = line.ingest(find_settings(root), name, Progress(call_as_task))
    create_markdown_artifact(_table(reports), key=f"ingest-{name.replace('_', '-')}")
    return reports


@flow(name="ingest_cadence", flow_run_name="ingest {cadence} sources", persist_result=False)
def ingest_cadence(cadence: Cadence, root: Path | None = None) -> list[State[Any]]:
    """Fetch and validate every source of one cadence; it fails if one does, once all were tried."""
    settings = find_settings(root)
    catalog = load_catalog(settings.catalog)
    names = [name for name, source in catalog.sources.items() if source.cadence == cadence]
    states = [ingest_source(name, settings.root, return_state=True) for name in names]
    create_markdown_artifact(_list_states(names, states), key=f"ingest-{cadence}")
    return states


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


def _list_states(names: list[str], states: list[State[Any]]) -> str:
    rows = [
        f"| {name} | {state.name} | {state.message or ''} |"
        for name, state in zip(names, states, strict=True)
    ]
    return "\n".join(["| source | state | message |", "| --- | --- | --- |", *rows])
