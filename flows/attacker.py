"""The command that attacks what is published: `jalon attack`."""

import sys

import click

from flows.settings import Settings

SHOWN = 50


@click.command()
@click.argument("release", required=False)
@click.option("--since", metavar="RELEASE", help="The release before; else the one before it here.")
@click.option("--alone", is_flag=True, help="Look at no other release.")
@click.pass_obj
def attack(settings: Settings, release: str | None, since: str | None, alone: bool) -> None:
    """Try to find out what RELEASE hides, from its published files and those of the one before.

    RELEASE is a folder or a name under public/releases/; else the latest. Exit codes: 0 nothing
    can be found out, 1 something can.
    """
    from flows.attack import attack as attack_release
    from flows.catalog import load_catalog
    from flows.releases.which import find_attacked, find_since

    target = find_attacked(settings, release)
    before = None if alone else find_since(settings, target, since)
    outcome = attack_release(settings, load_catalog(settings.catalog), target, before)
    for each in outcome.found[:SHOWN]:
        placed = (
            f"{each.low:,.6g}" if each.low == each.high else f"{each.low:,.6g} to {each.high:,.6g}"
        )
        click.echo(f"{each.indicator} {each.territory_id} {each.period}: {placed} ({each.way})")
    if len(outcome.found) > SHOWN:
        click.echo(f"… and {len(outcome.found) - SHOWN:,} more")
    with_since = f" with {outcome.since}" if outcome.since else ""
    found = f"{len(outcome.found):,} found" if outcome.found else "none found"
    click.echo(f"{outcome.release}{with_since}: {outcome.hidden:,} hidden cells attacked, {found}")
    sys.exit(1 if outcome.found else 0)
