"""The command about what data.gouv.fr will make of a release: `jalon preflight`."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flows.errors import CatalogError
from flows.publish.release import MANIFEST, find_latest
from flows.settings import Settings

if TYPE_CHECKING:
    from flows.preflight.verdicts import Judged

WIDTH = 160
DATAGOUV = "catalog-datagouv.ttl"
WORDS = {"ok": "taken", "poor": "taken, with less", "refused": "refused"}


@click.command()
@click.argument("release", required=False)
@click.option("--before", help="The release to compare with; else the one before it.")
@click.option("--url", help="Ask every file at this address, in place of base_url.")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day of the harvest.")
@click.option("--json", "as_json", is_flag=True, help="Print every verdict as JSON.")
@click.pass_obj
def preflight(
    settings: Settings,
    release: str | None,
    before: str | None,
    url: str | None,
    day: datetime | None,
    as_json: bool,
) -> None:
    """Foresee what data.gouv.fr will make of each dataset of RELEASE, else of the latest.

    Nothing is sent. Of each dataset: whether it is taken, under the same identifier and with the
    same files as before, what is read of it, and its score of nine. With --url, whether a server
    gives its files whole, in parts, and to pages of other sites. Exit code 1: something is refused.
    """
    from flows.catalog import load_catalog
    from flows.preflight.before import compare
    from flows.preflight.harvested import read_harvested
    from flows.preflight.served import check_served
    from flows.preflight.verdicts import judge

    folder = _find(settings, release)
    datasets = read_harvested(folder)
    judged = judge(datasets, day.date() if day else datetime.now(UTC).date())
    old = _find(settings, before) if before else _before(settings, folder)
    if old:
        judged = compare(judged, datasets, read_harvested(old))
    if url:
        told = load_catalog(settings.catalog).package.base_url
        judged = check_served(judged, datasets, told, url)
    if as_json:
        click.echo(json.dumps(_as_json(judged), indent=2, ensure_ascii=False))
    else:
        _tell(judged)
    if any(each.level == "refused" for each in judged):
        raise SystemExit(1)


def _find(settings: Settings, told: str | None) -> Path:
    """The release of that name or at that path, else what `latest` points at."""
    if told is None:
        if latest := find_latest(settings.public):
            return latest
        raise CatalogError(str(settings.public), "holds no release yet", "jalon run makes one")
    for path in (settings.public / "releases" / told, Path(told)):
        if (path / MANIFEST).is_file():
            return path.resolve()
    from flows.releases.index import list_releases

    known = ", ".join(each.name for each in list_releases(settings.public)) or "none"
    raise CatalogError(told, f"no such release (known: {known})")


def _before(settings: Settings, release: Path) -> Path | None:
    """The newest release before *release* that has a catalogue, if any."""
    from flows.releases.index import list_releases, order_of

    older = [e for e in list_releases(settings.public) if order_of(e) < order_of(release)]
    with_catalogue = [each for each in older if (each / DATAGOUV).is_file()]
    return with_catalogue[-1] if with_catalogue else None


def _as_json(judged: list["Judged"]) -> dict[str, Any]:
    return {
        "datasets": [
            {
                "identifier": each.name,
                "level": each.level,
                "score": each.score,
                "verdicts": [asdict(verdict) for verdict in each.verdicts],
            }
            for each in judged
        ]
    }


def _tell(judged: list["Judged"]) -> None:
    """A line for each dataset, then one for each thing lost or refused, with who shares it."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for heading in ("dataset", "verdict", "score", "lost or refused"):
        table.add_column(heading, no_wrap=True)
    for each in judged:
        wrong = [verdict.criterion for verdict in each.verdicts if verdict.level != "ok"]
        table.add_row(each.name, WORDS[each.level], f"{each.score}/9", ", ".join(wrong))
    Console(highlight=False, width=WIDTH).print(table)
    alike: dict[tuple[str, str, str], list[str]] = {}
    for each in judged:
        for verdict in each.verdicts:
            if verdict.level != "ok":
                told = (verdict.criterion, verdict.level, verdict.message)
                alike.setdefault(told, []).append(each.name)
    for (criterion, level, message), names in alike.items():
        others = f" and {len(names) - 1} more" if len(names) > 1 else ""
        click.echo(f"{names[0]}{others}: {criterion} {level}: {message}")
