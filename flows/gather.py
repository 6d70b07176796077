"""Gather: the files of every source, from the project, the network or the store, and judged.

A source of the network that fails takes nothing with it: its last good file is used, or what needs
it is left out of the release, and both are told.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

from flows.absent import tell_absent, tell_last_good, tell_unfetched
from flows.catalog import Catalog, Source, load_catalog
from flows.catalog.lineage import restrict
from flows.errors import SourceError
from flows.handover import Issue, RawFile, Report, Words
from flows.releases.notice import inspect_notice
from flows.settings import Settings
from flows.steps.drift import DRIFT, find_drift
from flows.steps.fetch import fetch_source, find_older
from flows.steps.inspect import inspect_catalog
from flows.steps.validate import tell_drift, validate_file
from flows.warehouse import reads_of

AT_ONCE = 16  # sources; each publisher's server has its own, smaller limit


@dataclass
class Gathered:
    """The files of the sources at hand, and what the catalogue can make of these."""

    catalog: Catalog
    raw: dict[str, list[RawFile]]
    issues: list[Issue] = field(default_factory=list)
    reports: dict[str, list[Report]] = field(default_factory=dict)

    def leave_out(self, absent: set[str]) -> None:
        """Go on without the sources *absent*, and without all that needs them."""
        if absent:
            self.raw = {name: files for name, files in self.raw.items() if name not in absent}
            self.catalog = restrict(self.catalog, reads_of(self.catalog.queries), set(self.raw))


def gather(settings: Settings, step: Callable[..., Any], live: bool = False) -> Gathered:
    """The catalogue and its files, which are asked of the network only if *live*.

    Raises CatalogError, and SourceError for a snapshot; PromiseError when a source is too old.
    """
    catalog = load_catalog(settings.catalog)
    inspect_catalog(settings, catalog)
    inspect_notice(settings, catalog)
    snapshots = {name: each for name, each in catalog.sources.items() if each.snapshot}
    far = {name: each for name, each in catalog.sources.items() if each.is_live}
    found: dict[str, Any] = {
        name: step(f"fetch {name}", fetch_source, settings, source)
        for name, source in snapshots.items()
    }
    if live and far:
        found |= step("fetch from the network", fetch_all, settings, list(far.values()))
    else:
        found |= {name: fetch_source(settings, source) for name, source in far.items()}
    # In the order of the catalogue, whoever answered first.
    raw = {name: found[name] for name in catalog.sources if isinstance(found[name], list)}
    gathered = Gathered(catalog, {name: files for name, files in raw.items() if files})
    troubles = {name: each for name, each in found.items() if isinstance(each, SourceError)}
    never = [name for name, files in raw.items() if not files]
    gathered.issues += tell_unfetched(catalog, never)
    gathered.issues += [tell_absent(name, error) for name, error in troubles.items()]
    gathered.issues += [
        tell_last_good(file) for files in raw.values() for file in files if file.trouble
    ]
    gathered.leave_out({*never, *troubles})
    return gathered


def fetch_all(settings: Settings, sources: list[Source]) -> dict[str, list[RawFile] | SourceError]:
    """The files of *sources*, or what went wrong, by name; many are fetched at once."""

    def fetch(source: Source) -> list[RawFile] | SourceError:
        try:
            return fetch_source(settings, source, live=True)
        except SourceError as error:
            return error

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return dict(zip((each.name for each in sources), pool.map(fetch, sources), strict=True))


def judge(settings: Settings, gathered: Gathered, step: Callable[..., Any]) -> None:
    """Fill `reports`; a file of the network that is refused gives way to the last good one.

    Raises SourceError for a snapshot that is refused.
    """
    absent = set()
    for name, files in gathered.raw.items():
        source = gathered.catalog.sources[name]
        try:
            used, reports = step(f"validate {name}", accept_source, settings, source, files)
        except SourceError as error:
            if source.snapshot:
                raise
            absent.add(name)
            gathered.issues.append(tell_absent(name, error))
            continue
        gathered.raw[name] = used
        gathered.issues += [tell_last_good(u) for u in used if u not in files]
        found = [find_changes(settings, source, *each) for each in zip(used, reports, strict=True)]
        gathered.issues += [issue for issues in found for issue in issues]
        gathered.reports[name] = [
            tell_changes(settings, source, *each) for each in zip(reports, found, strict=True)
        ]
    gathered.leave_out(absent)
    gathered.reports = {name: gathered.reports[name] for name in gathered.raw}


def accept_source(
    settings: Settings, source: Source, files: list[RawFile]
) -> tuple[list[RawFile], list[Report]]:
    """The files that are used, and their reports.

    Raises SourceError when neither a file nor an older one holds what its YAML promises.
    """
    accepted = [_accept(settings, source, file) for file in files]
    return [file for file, _ in accepted], [report for _, report in accepted]


def _accept(settings: Settings, source: Source, file: RawFile) -> tuple[RawFile, Report]:
    try:
        return file, validate_file(settings, source, file)
    except SourceError as error:
        for older in find_older(settings, source, file):
            try:
                report = validate_file(settings, source, older)
            except SourceError:
                continue
            return replace(older, trouble=f"the newest file is refused: {error.args[1]}"), report
        raise


def find_changes(settings: Settings, source: Source, file: RawFile, report: Report) -> list[Issue]:
    """How a file differs from the one before it."""
    older = next(iter(find_older(settings, source, file)), None)
    if older is None:
        return []
    try:
        before = validate_file(settings, source, older)
    except SourceError:
        return []  # the one before was refused: there is nothing to compare with
    return find_drift(before, report)


def tell_changes(
    settings: Settings, source: Source, report: Report, changes: list[Issue]
) -> Report:
    """The report that knows of *changes*, which the publisher's own tells from now on.

    Where there are none, an older run may have told some.
    """
    told = replace(report, drift=tuple(Words(c.message_fr, c.message_en) for c in changes))
    if changes or (report.folder / DRIFT).is_file():
        tell_drift(settings, source, told)
    return told
