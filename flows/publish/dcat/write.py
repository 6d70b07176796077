"""Write: the catalogues of a release, the metadata of each dataset, and the Table Schemas."""

from typing import Any

from flows.files import write_json
from flows.publish.dcat.croissant import as_croissant
from flows.publish.dcat.gather import gather_records
from flows.publish.dcat.records import CatalogRecord
from flows.publish.dcat.schema_org import as_schema_org
from flows.publish.draft import Draft

DATAGOUV = "catalog-datagouv.ttl"


def write_catalogues(draft: Draft, inputs: dict[str, Any]) -> CatalogRecord:
    """Write catalog.ttl, catalog.jsonld, catalog-datagouv.ttl, schemas/ and metadata/.

    Gives what they tell, so that pages can tell the same.
    """
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
        stem = draft.folder / "metadata" / dataset.name
        write_json(stem.with_suffix(".schema.jsonld"), as_schema_org(record, dataset))
        write_json(stem.with_suffix(".croissant.json"), as_croissant(record, dataset))
        for file in dataset.files:
            if file.schema_path:
                write_json(draft.folder / file.schema_path, file.schema)
    return record
