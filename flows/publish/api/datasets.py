"""Datasets: datasets.json, from what the catalogues say too, and the feed of each."""

from typing import Any

from flows.publish.api.columns import write_body
from flows.publish.api.feeds import write_feed
from flows.publish.dcat.records import CatalogRecord, DatasetRecord
from flows.publish.draft import Draft


def write_datasets(draft: Draft, record: CatalogRecord) -> list[str]:
    """Every dataset with its files, indicators, sources and feed; their paths."""
    body = {"datasets": [_dataset(record, each) for each in record.datasets]}
    write_body(draft, "datasets.json", body)
    return ["datasets.json", *(write_feed(draft, record, each) for each in record.datasets)]


def _dataset(record: CatalogRecord, dataset: DatasetRecord) -> dict[str, Any]:
    return {
        "dataset": dataset.name,
        "identifier": record.identifier(dataset.name),
        "title": dataset.title.model_dump(),
        "description": dataset.description.model_dump(),
        "keywords": {"fr": list(dataset.keywords.fr), "en": list(dataset.keywords.en)},
        "modified": dataset.modified,
        "period": [day.isoformat() for day in dataset.period] if dataset.period else None,
        "licence": dataset.licence.name,
        "indicators": [each.name for each in dataset.measures],
        "sources": [each.name for each in dataset.sources],
        "usage_notes": dataset.notes.model_dump() if dataset.notes else None,
        "feed": f"feeds/{dataset.name}.atom",
        "files": [
            {
                "path": file.path,
                "media_type": file.media_type,
                "bytes": file.bytes,
                "sha256": file.sha256,
                "title": file.title.model_dump(),
                "licence": file.licence.name,
            }
            for file in dataset.files
        ],
    }
