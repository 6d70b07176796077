"""The commands about sources: `jalon fetch`, `jalon sources` and `jalon prune`."""

from datetime import UTC, date, datetime
from pathlib import Path

import click

from flows.errors import SourceError
from flows.handover import RawFile
from flows.settings import Settings

WIDTH = 200  # so that nothing is cut


@click.command()
@click.argument("name")
@click.option("--from", "given", type=click.Path(path_type=Path), help="A file downloaded by hand.")
@click.option("--edition", type=int, help="Which edition that file is.")
@click.option("--at", "day", type=click.DateTime(["%Y-%m-%d"]), help="Put back that day's file.")
@click.pass_obj
def fetch(
    settings: Settings,
    name: str,
    given: Path | None,
    edition: int | None,
    day: datetime | None,
) -> None:
    """Fetch the source NAME from its publisher, and store its file.

    With --from, a file of this machine is stored in its place; with --at, the file that was in
    force on that day is put back in force, until the next fetch.
    """
    if given and day:
        raise click.UsageError("--from and --at exclude each other")
    if edition is not None and not given:
        raise click.UsageError("--edition says which one --from is")
    files = _find_files(settings, name, given, edition, day.date() if day else None)
    for file in files:
        click.echo(f"{file.path.relative_to(settings.root)} of {file.modified}")
        if file.trouble:
            click.echo(f"jalon: {name}: {file.trouble}: the last good file is used", err=True)
    if any(file.trouble for file in files):
        raise SystemExit(1)


def _find_files(
    settings: Settings, name: str, given: Path | None, edition: int | None, day: date | None
) -> list[RawFile]:
    """The files that are given, put back, or fetched."""
    from flows.catalog import load_catalog
    from flows.steps.fetch import fetch_source
    from flows.steps.fetch.by_hand import give_file, replay

    source = load_catalog(settings.catalog).source(name)
    if given:
        return [give_file(settings, source, given, edition)]
    if day:
        return replay(settings, source, day)
    if files := fetch_source(settings, source, live=True):
        return files
    hint = "read its real file, mend its description, and take unseen: out of its YAML"
    raise SourceError(name, "is not fetched, since its real file was never seen", hint)


@click.command()
@click.pass_obj
def sources(settings: Settings) -> None:
    """List every source: when it was fetched and last changed, rows, rejects, vintage, licence."""
    from rich.console import Console
    from rich.table import Table

    from flows.catalog import load_catalog
    from flows.supplied import HEADINGS, list_sources

    table = Table(box=None, pad_edge=False)
    for heading in HEADINGS:
        table.add_column(heading, no_wrap=True)
    for row in list_sources(settings, load_catalog(settings.catalog)):
        table.add_row(*row)
    Console(highlight=False, width=WIDTH).print(table)  # a narrow terminal folds the lines


@click.command()
@click.option("--days", type=click.IntRange(min=0), help="Keep what is younger; 365 if not given.")
@click.option("--dry-run", is_flag=True, help="Say what would go, and remove nothing.")
@click.pass_obj
def prune(settings: Settings, days: int | None, dry_run: bool) -> None:
    """Remove old stored files that no release uses, and valid rows that were made again since."""
    from flows.catalog import load_catalog
    from flows.files import remove
    from flows.pruning import KEPT_DAYS, find_prunable, find_replaced
    from flows.state import hold_lock

    today = datetime.now(UTC).date()
    with hold_lock(settings):
        catalog = load_catalog(settings.catalog)
        paths = find_prunable(settings, catalog, KEPT_DAYS if days is None else days, today)
        paths += find_replaced(settings, {path.name.split(".")[0] for path in paths})
        size = sum(_size(path) for path in paths)
        for path in paths:
            click.echo(path.relative_to(settings.root))
            if not dry_run:
                remove(path)
    verb = "would be removed" if dry_run else "removed"
    click.echo(f"{len(paths)} files and folders, {size / 1e6:.1f} MB {verb}")


def _size(path: Path) -> int:
    """The bytes of a file, or of the files of a folder."""
    files = path.iterdir() if path.is_dir() else [path]
    return sum(each.stat().st_size for each in files)
