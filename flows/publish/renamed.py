"""Renamed: renamed.json, the old name of each indicator that bears another today."""

from flows.files import write_json
from flows.publish.draft import Draft


def write_renamed(draft: Draft) -> None:
    """Write renamed.json, from what the indicators say under `formerly`: old name, new name."""
    renamed = {
        old: indicator.name
        for indicator in draft.catalog.indicators.values()
        for old in indicator.formerly
    }
    write_json(draft.folder / "renamed.json", {"indicators": dict(sorted(renamed.items()))})
