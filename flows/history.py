"""The commands about releases: `jalon releases`, `diff`, `accept`, `rollback` and `verify`."""

import json
from pathlib import Path

import click

from flows.settings import Settings

as_json = click.option("--json", "as_json", is_flag=True, help="Print all of it as JSON.")


@click.group(invoke_without_command=True)
@as_json
@click.pass_context
def releases(context: click.Context, as_json: bool) -> None:
    """List the releases, newest first: version, date of data, size, changes, and why they stay."""
    if context.invoked_subcommand:
        return
    from flows.tell_history import list_entries, tell_entries

    entries = list_entries(context.obj)
    click.echo(_json(entries) if as_json else "\n".join(tell_entries(entries)))


@releases.command("prune")
@click.pass_obj
def prune_old(settings: Settings) -> None:
    """Remove the releases that nothing in catalog/retention.yml keeps, as each new release does."""
    from flows.catalog import load_catalog
    from flows.files import machine_errors
    from flows.releases.promote import prune_releases
    from flows.state import hold_lock

    with machine_errors(settings.root), hold_lock(settings):
        removed = prune_releases(settings, load_catalog(settings.catalog))
    click.echo("\n".join(f"removed {each.name}" for each in removed) or "nothing to remove")


@click.command()
@click.argument("before")
@click.argument("after", default="latest")
@click.option(
    "--delta", type=click.Path(path_type=Path), help="Write each observation there (CSV)."
)
@click.option("--lang", type=click.Choice(["fr", "en"]), default="en", help="Of the sentences.")
@as_json
@click.pass_obj
def diff(
    settings: Settings, before: str, after: str, delta: Path | None, lang: str, as_json: bool
) -> None:
    """Compare the release BEFORE with AFTER: names or versions, or `latest`."""
    from flows.releases.differ import differ
    from flows.tell_history import tell_changes

    changes = differ(settings, before, after, delta)
    click.echo(_json(changes) if as_json else "\n".join(tell_changes(changes, lang)))


@click.command()
@click.argument("indicator")
@click.option("--by", required=True, help="An office or a role, never a person: it is published.")
@click.option("--reason", required=True, help="Why the change is right; it is published.")
@click.pass_obj
def accept(settings: Settings, indicator: str, by: str, reason: str) -> None:
    """Accept that INDICATOR jumps over what it promises, in exactly the change that was refused.

    It is noted in catalog/accepted.yml, and published in changes.json and errata.json.
    """
    from flows.releases.accept import accept_jump

    jump = accept_jump(settings, indicator, by, reason)
    click.echo(f"{indicator}: {jump.told}\naccepted as {jump.change}; now: jalon run")


@click.command()
@click.argument("name", required=False)
@click.option("--reason", required=True, help="Why; it is published in the list of releases.")
@click.pass_obj
def rollback(settings: Settings, name: str | None, reason: str) -> None:
    """Point `latest` at the release NAME, else at the one before; newer ones are withdrawn.

    Its files are verified first. No run publishes the data of a withdrawn release again.
    """
    from flows.releases.choose import roll_back

    click.echo(f"latest is {roll_back(settings, name, reason).name}")


@click.command()
@click.argument("name", metavar="[NAME|PATH]", default="latest")
@as_json
@click.pass_obj
def verify(settings: Settings, name: str, as_json: bool) -> None:
    """Verify a release from its files alone: sums, contents, schemas, keys and references.

    Exit codes: 0 all is well, 1 it is not what it says.
    """
    from flows.releases.choose import find_folder
    from flows.releases.verify import verify_release

    release = find_folder(settings.public, name)
    faults = verify_release(release)
    told = {"release": release.name, "is_whole": not faults, "faults": faults}
    text = "\n".join([*faults, f"{release.name}: {len(faults)} faults"])
    click.echo(_json(told) if as_json else text if faults else f"{release.name}: all is well")
    if faults:
        raise SystemExit(1)


def _json(body: object) -> str:
    return json.dumps(body, ensure_ascii=False, indent=2)
