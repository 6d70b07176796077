"""Notice: an indicator that was published goes only once that was announced, and the day came."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flows.catalog import Catalog
from flows.errors import CatalogError
from flows.publish.release import find_latest, read_manifest
from flows.settings import Settings

KEEP = (
    "put it back with deprecated_on: and removed_on:, so that a release announces it; or name it"
    " under formerly: of the one that takes its place"
)


def inspect_notice(settings: Settings, catalog: Catalog) -> None:
    """Hold the whole *catalog* against the latest release, if there is one."""
    if latest := find_latest(settings.public):
        today = datetime.now(ZoneInfo("Europe/Paris")).date()
        refuse_unannounced(catalog, read_manifest(latest), today)


def refuse_unannounced(catalog: Catalog, manifest: dict[str, Any], today: date) -> None:
    """Raise CatalogError for an indicator of the release of *manifest* that is gone too soon."""
    renamed = {old for each in catalog.indicators.values() for old in each.formerly}
    published: dict[str, dict[str, Any]] = manifest.get("indicators", {})
    for name in sorted(published.keys() - catalog.indicators.keys() - renamed):
        where = f"catalog/indicators/{name}.yml"
        removed_on = published[name].get("removed_on")
        version = manifest["version"]
        if removed_on is None:
            raise CatalogError(where, f"is gone, and release {version} does not announce it", KEEP)
        if date.fromisoformat(removed_on) > today:
            problem = f"is gone, and release {version} announces it for {removed_on}"
            raise CatalogError(where, problem, "put it back until then")
