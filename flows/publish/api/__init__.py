"""Api: the release as small JSON files at addresses that stay, for programs and for the site."""

from flows.publish.api.territories import write_territories
from flows.publish.draft import Draft

__all__ = ["write_api"]


def write_api(draft: Draft) -> None:
    """Every file of api/v1."""
    write_territories(draft)
