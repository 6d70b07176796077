"""The line: which step follows which. The one order, with an orchestrator or without.

`step(name, function, *arguments)` calls a function: directly, or as a task of the pipeline.
"""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from flows.catalog import Catalog, Source, load_catalog
from flows.errors import SourceError
from flows.files import machine_errors, replacing
from flows.gather import Gathered, gather, judge
from flows.handover import Issue, Loss, RawFile, Report
from flows.publish.release import find_latest
from flows.settings import Settings
from flows.state import describe_inputs, find_same, hash_parts, hold_lock, remember, sweep
from flows.steps.fetch import fetch_source
from flows.steps.validate import validate_file
from flows.warehouse import connect, shared_sql


class Step(Protocol):
    """How a step is called: directly, or under an orchestrator."""

    def __call__(self, name: str, function: Any, *arguments: Any) -> Any:
        """Call *function* with *arguments*; *name* is for people."""


@dataclass(frozen=True)
class Outcome:
    """What a run did. `release` is where `latest` points; `is_new` if this run put it there."""

    release: Path
    is_new: bool
    is_unchanged: bool = False
    reports: list[Report] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)


def refresh(settings: Settings, step: Step, live: bool = False) -> Outcome:
    """From the publishers' files to a promoted release; nothing is done if nothing has changed.

    The network is asked only if *live*. Raises PipelineError; what is published then stays as it
    was.
    """
    with machine_errors(settings.root), hold_lock(settings):
        sweep(settings)
        gathered = gather(settings, step, live)
        if latest := find_same(settings, describe_inputs(settings, gathered.raw)):
            return Outcome(latest, is_new=False, is_unchanged=True, issues=gathered.issues)
        return _make_release(settings, gathered, step)


def find_unchanged(settings: Settings) -> Outcome | None:
    """The outcome of a run that has nothing to do, found without any heavy package; else None."""
    with machine_errors(settings.root):
        if find_latest(settings.public) is None:
            return None
        try:
            gathered = gather(settings, lambda _, function, *arguments: function(*arguments))
        except SourceError:
            return None  # the run itself will try again, and say what is wrong
        latest = find_same(settings, describe_inputs(settings, gathered.raw))
        return Outcome(latest, is_new=False, is_unchanged=True) if latest else None


def ingest(settings: Settings, name: str, step: Step, live: bool = False) -> list[Report]:
    """Fetch and validate one source, so that the next release finds it ready.

    Raises SourceError when it was never fetched, or its newest file is refused.
    """
    with machine_errors(settings.root):
        source = load_catalog(settings.catalog).source(name)
        raw = step(f"fetch {name}", fetch_source, settings, source, live)
        if not raw:
            hint = f"jalon fetch {name} asks its publisher"
            raise SourceError(name, "was never fetched", hint)
        reports: list[Report] = step(f"validate {name}", validate_source, settings, source, raw)
        return reports


def validate_source(settings: Settings, source: Source, raw: list[RawFile]) -> list[Report]:
    """A report for each file of one source."""
    return [validate_file(settings, source, file) for file in raw]


def build_warehouse(
    settings: Settings, catalog: Catalog, reports: dict[str, list[Report]]
) -> list[Loss]:
    """A new warehouse beside the old one, in whose place it is put once it is whole."""
    from flows.steps import (
        aim,
        barometer,
        build,
        declare,
        describe,
        disclose,
        harmonise,
        load,
        locate,
        rank,
        resemble,
    )
    from flows.steps.diagnose import ingest as diagnosis
    from flows.steps.harmonise import own_map

    losses = []
    with replacing(settings.warehouse) as part, connect(part) as con:
        load.create_floors(con)
        harmonise.create_reports(con)
        for source in catalog.sources.values():
            load.load_raw(con, source, reports[source.name])
        for name in load.order_core(catalog):
            if name == load.DECLARED:
                declare.declare_territories(con, catalog)
                continue
            load.build_core(con, catalog, name)
            if geography := catalog.geographies.get(name):
                located = locate.locate_points(con, name, geography)
                loss = harmonise.harmonise_table(con, name, geography)
                detected = diagnosis.diagnose_join(con, name)
                losses.append(replace(loss, located=located, detected=detected))
            elif geography := catalog.coarse_geographies.get(name):
                losses.append(harmonise.hold_level(con, name, geography))
        build.build_observations(con, catalog)
        before = find_latest(settings.public)
        published = before / "jalon.duckdb" if before else None
        if published and not published.is_file():
            published = None  # by hand: nobody can read it any more, and it is made again
        disclose.disclose(con, catalog.indicators, published, settings.data / "secrecy")
        own_map.build_as_published(con, catalog)
        describe.describe_release(con, catalog, reports)
        rank.build_comparisons(con, catalog)
        resemble.build_similar(con, catalog)
        aim.build_targets(con, catalog)
        barometer.build_barometers(con, catalog)
        describe.note_parts(con, catalog, hash_parts(settings), reports)
    return losses


def check_warehouse(settings: Settings, catalog: Catalog) -> Path:
    """Hold every indicator of the warehouse to its promises; the folder of the Data Docs."""
    from flows.steps.check import check_indicators

    with connect(settings.warehouse, read_only=True) as con:
        return check_indicators(settings, catalog, con)


def _make_release(settings: Settings, gathered: Gathered, step: Step) -> Outcome:
    from flows.publish.issues import find_issues
    from flows.publish.profiles import find_alike
    from flows.releases.make import make_release

    asked = describe_inputs(settings, gathered.raw)
    judge(settings, gathered, step)
    catalog, reports = gathered.catalog, gathered.reports
    losses = step("build indicators", build_warehouse, settings, catalog, reports)
    step("check promises", check_warehouse, settings, catalog)
    issues = gathered.issues + find_issues(catalog, reports, losses)
    with connect(settings.warehouse, read_only=True) as con:
        issues += find_alike(con, catalog)
    before = find_latest(settings.public)
    inputs = describe_inputs(settings, gathered.raw)
    arguments = (settings, catalog, reports, issues, inputs)
    release = step("publish release", make_release, *arguments)
    remember(settings, asked, release)
    every = [report for files in reports.values() for report in files]
    issues += find_known_before(settings)  # for the officer alone: it would point at the cells
    return Outcome(release, is_new=release != before, reports=every, issues=issues)


def find_known_before(settings: Settings) -> list[Issue]:
    """What is hidden in the warehouse, and can be known by who has an older release."""
    with connect(settings.warehouse, read_only=True) as con:
        rows = con.execute(shared_sql("known_before")).fetchall()
    told = "sous secret, mais connues d’une diffusion plus ancienne"
    return [
        Issue(
            "warning",
            indicator,
            "known_before",
            count,
            f"{count} valeurs {told} : {cells}",
            f"{count} values under secrecy, but known from an older release: {cells}",
        )
        for indicator, count, cells in rows
    ]
