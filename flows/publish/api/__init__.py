"""Api: the release as small JSON files at addresses that stay, for programs and for the site."""

import shutil

from flows.publish.api.columns import API
from flows.publish.api.datasets import write_datasets
from flows.publish.api.described import write_described, write_index
from flows.publish.api.guide import write_guide
from flows.publish.api.indicators import write_indicators
from flows.publish.api.territories import write_territories
from flows.publish.dcat.records import CatalogRecord
from flows.publish.draft import Draft

__all__ = ["write_api"]

ISSUES = "issues.json"


def write_api(draft: Draft, record: CatalogRecord) -> None:
    """Every file of api/v1, and llms.txt; issues.json stands at the root of the release already."""
    paths = write_territories(draft) + write_indicators(draft) + write_datasets(draft, record)
    shutil.copyfile(draft.folder / ISSUES, draft.folder / API / ISSUES)
    write_index(draft, [*paths, ISSUES, *write_described(draft)])
    write_guide(draft)
