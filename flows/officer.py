"""The commands about a number: `jalon indicator` and `jalon explain`."""

from typing import Literal

import click

from flows.settings import Settings

Language = Literal["fr", "en"]
as_json = click.option("--json", "as_json", is_flag=True, help="Print all of it as JSON.")
language = click.option(
    "--lang", type=click.Choice(["fr", "en"]), default="en", help="Of titles and descriptions."
)


@click.command()
@click.argument("name")
@click.option("--level", help="Whose highest and lowest values are shown; else the finest.")
@language
@as_json
@click.pass_obj
def indicator(
    settings: Settings, name: str, level: str | None, lang: Language, as_json: bool
) -> None:
    """Show what is known of the indicator NAME.

    Definition, method, sources, the columns that it comes from, coverage by level, the ten highest
    and lowest territories, and where communes lack a value.
    """
    from flows.card import make_card
    from flows.tell_indicator import card_as_json, tell_card

    card = make_card(settings, name, level)
    click.echo(card_as_json(card) if as_json else "\n".join(tell_card(card, lang)))


@click.command()
@click.argument("name")
@click.argument("territory")
@click.option("--period", help="As in 2024; else the newest.")
@language
@as_json
@click.pass_obj
def explain(
    settings: Settings, name: str, territory: str, period: str | None, lang: Language, as_json: bool
) -> None:
    """Explain how the indicator NAME came to its value in TERRITORY (COM-35238, DEP-35 …).

    From the publishers' files, their hash and rows, to the roll-up, its statuses and its checks.
    """
    from flows.explained import explain as find_out
    from flows.tell_indicator import explained_as_json, tell_explained

    explained = find_out(settings, name, territory, period)
    click.echo(
        explained_as_json(explained) if as_json else "\n".join(tell_explained(explained, lang))
    )
