"""Write: the catalogues of a release, and the Table Schemas that they name."""

from typing import Any

from flows.files import write_json
from flows.publish.dcat.gather import gather_records
from flows.publish.dcat.records import CatalogRecord
from flows.publish.draft import Draft

DATAGOUV = "catalog-datagouv.ttl"


def write_catalogues(draft: Draft, inputs: dict[str, Any]) -> CatalogRecord:
    """Write catalog.ttl, catalog.jsonld, catalog-datagouv.ttl and schemas/; what they tell."""
    from flows.publish.dcat.graph import as_json_ld, as_turtle, make_graph

    record = gather_records(draft, inputs)
    strict = make_graph(record, is_strict=True)
    for name, text in (
        ("catalog.ttl", as_turtle(strict)),
        ("catalog.jsonld", as_json_ld(strict)),
        (DATAGOUV, as_turtle(make_graph(record, is_strict=False))),
    ):
        (draft.folder / name).write_text(text, encoding="utf-8")
    for dataset in record.datasets:
        for file in dataset.files:
            if file.schema_path:
                write_json(draft.folder / file.schema_path, file.schema)
    return record
