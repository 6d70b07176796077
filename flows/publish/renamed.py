"""Renamed: renamed.json, the old name of each indicator that bears another today."""

from flows.catalog import Catalog
from flows.files import write_json
from flows.publish.draft import Draft


def renamed_in(catalog: Catalog) -> dict[str, str]:
    """Old names of indicators and the new ones, as `formerly` says, in order."""
    told = {old: each.name for each in catalog.indicators.values() for old in each.formerly}
    return dict(sorted(told.items()))


def write_renamed(draft: Draft) -> None:
    """Write renamed.json."""
    write_json(draft.folder / "renamed.json", {"indicators": renamed_in(draft.catalog)})
