"""The command that sends a release away: `jalon push`."""

import click

from flows.errors import PipelineError
from flows.settings import Settings


@click.command()
@click.argument("targets", metavar="[TARGET]...", nargs=-1)
@click.option("--release", "name", metavar="NAME", help="As in 2026-11-25; else the latest.")
@click.option("--dry-run", is_flag=True, help="List what would change, and change nothing.")
@click.pass_obj
def push(settings: Settings, targets: tuple[str, ...], name: str | None, dry_run: bool) -> None:
    """Send a release to the TARGETs of catalog/destinations.yml, or to all of them.

    Its files are checked first. What a target holds already is not sent again. The release that is
    sent becomes the latest there.
    """
    from flows.push.push import prepare, push_release

    destinations, outgoing = prepare(settings, targets, name)
    failed = False
    for destination in destinations:
        try:
            click.echo(push_release(settings, destination, outgoing, click.echo, dry_run))
        except PipelineError as error:
            click.echo(f"jalon: {error}", err=True)  # the other targets do not depend on this one
            failed = True
    if failed:
        raise SystemExit(1)
