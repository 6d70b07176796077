"""Push: one verified release to one destination: planned first, then done stage by stage."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

from flows.catalog import Catalog, load_catalog
from flows.catalog.destinations import Destination
from flows.errors import CatalogError, MachineError
from flows.push.folder import find_root, plan_folder
from flows.push.outgoing import NOTHING_PUSHED, Outgoing, find_outgoing
from flows.push.plan import Stage, megabytes
from flows.releases.index import is_withdrawn
from flows.releases.verify import verify_tables
from flows.settings import Settings
from flows.state import lock_file

WHERE = "catalog/destinations.yml"
Tell = Callable[[str], object]


@dataclass(frozen=True)
class Pushed:
    """What a push has changed, or would have."""

    destination: str
    release: str
    changes: int
    bytes: int

    def __str__(self) -> str:
        where = f"{self.destination}: release {self.release}"
        if not self.changes:
            return f"{where} is there already, nothing to change"
        return f"{where}, {self.changes:,} changes, {megabytes(self.bytes)}"


def prepare(
    settings: Settings, targets: tuple[str, ...], name: str | None
) -> tuple[list[Destination], Outgoing]:
    """The destinations, and the release once its files and its tables were checked."""
    destinations = find_destinations(load_catalog(settings.catalog), targets)
    outgoing = find_outgoing(settings, name)
    if is_withdrawn(settings.public, outgoing.name):
        hint = "jalon releases tells why, and which are not"
        raise MachineError(str(outgoing.folder), "was withdrawn", hint)
    # Another build of jalon.duckdb, with its sum, may stand here: what it holds is what it was.
    if faults := verify_tables(outgoing.folder):
        raise MachineError(str(outgoing.folder), faults[0], NOTHING_PUSHED)
    return destinations, outgoing


def find_destinations(catalog: Catalog, names: tuple[str, ...]) -> list[Destination]:
    """Those of *names*, or all. Raises CatalogError where there is none, with those that are."""
    known = catalog.destinations
    if unknown := [name for name in names if name not in known]:
        told = ", ".join(known) or "none"
        raise CatalogError(WHERE, f"no destination {unknown[0]} (known: {told})")
    if not known:
        raise CatalogError(WHERE, "names no destination", "CONTRIBUTING.md tells their kinds")
    return [known[name] for name in names or known]


def inspect_destinations(settings: Settings, catalog: Catalog) -> None:
    """Raise CatalogError on the first destination in the way of the project, or of another."""
    taken: dict[tuple[object, ...], str] = {}
    for each in catalog.destinations.values():
        place = _place_of(settings, each)
        if other := taken.get(place):
            raise CatalogError(WHERE, f"{each.name} and {other} are the same place")
        taken[place] = each.name


def _place_of(settings: Settings, destination: Destination) -> tuple[object, ...]:
    if destination.kind == "folder":
        return (find_root(settings, destination),)
    if destination.kind == "s3":
        return (destination.endpoint, destination.bucket, destination.prefix)
    platform = destination.address or destination.environment
    return (platform, destination.organization, destination.datasets)


def push_release(
    settings: Settings, destination: Destination, outgoing: Outgoing, tell: Tell, dry_run: bool
) -> Pushed:
    """Bring the destination to hold the release, and to show it as its latest.

    What it holds already is not sent again; with *dry_run* every change is told, and none made.
    Raises PipelineError; what readers see there is then what they saw, and whole.
    """
    lock = settings.data / "push" / f"{destination.name}.lock"
    with (
        lock_file(lock, destination.name, "push"),
        plan(settings, destination, outgoing) as stages,
    ):
        for stage in stages:
            if dry_run:
                for change in stage.changes:
                    tell(f"would {change}")
            else:
                stage.make()
                tell(_sum_up(stage))
    changes = sum(len(stage.changes) for stage in stages)
    size = sum(stage.bytes for stage in stages)
    return Pushed(destination.name, outgoing.name, changes, size)


@contextmanager
def plan(settings: Settings, destination: Destination, outgoing: Outgoing) -> Iterator[list[Stage]]:
    """What would change there, by the ways of its kind; its connections end with the block."""
    if destination.kind == "folder":
        yield plan_folder(settings, destination, outgoing)
    elif destination.kind == "s3":
        from flows.push.bucket import Bucket  # which brings boto3
        from flows.push.s3 import plan_s3

        with closing(Bucket(destination)) as bucket:
            yield plan_s3(bucket, outgoing)
    else:
        from flows.push.datagouv.account import Account  # which brings the client and httpx
        from flows.push.datagouv.plan import plan_datagouv

        with closing(Account(destination)) as account:
            yield plan_datagouv(settings, account, outgoing)


def _sum_up(stage: Stage) -> str:
    if len(stage.changes) == 1:
        return f"✔ {stage.changes[0]}"
    return f"✔ {stage.title}: {len(stage.changes):,} changes, {megabytes(stage.bytes)}"
