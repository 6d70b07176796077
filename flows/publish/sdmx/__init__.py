"""Sdmx: the observations and their structures as statistical offices exchange them.

sdmx/structure.json is a structure message of SDMX-JSON 2.0; each dataset is a dataflow, whose
values are one file of SDMX-CSV 2.0.
"""

import json

from flows.catalog import Dataset, Text
from flows.publish.draft import Draft
from flows.publish.sdmx.columns import sdmx_schema
from flows.publish.sdmx.structure import dataflow_id, structure_message
from flows.publish.tables import compression_of, csv_path_of
from flows.warehouse import set_variable, shared_sql

FOLDER = "sdmx"
STRUCTURE_TEXTS = (
    Text(fr="Structures SDMX", en="SDMX structures"),
    Text(
        fr="Message de structure SDMX-JSON 2.0 : concepts, listes de codes, structure des données,"
        " un flux par jeu de données.",
        en="Structure message of SDMX-JSON 2.0: concepts, code lists, the data structure, one"
        " dataflow per dataset.",
    ),
)


def write_sdmx(draft: Draft, prepared: str) -> None:
    """Write the structures, and the observations of each dataset; *prepared* is a date."""
    folder = draft.folder / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(structure_message(draft, prepared), ensure_ascii=False)
    (folder / "structure.json").write_text(text + "\n", encoding="utf-8")
    draft.add("sdmx_structure", f"{FOLDER}/structure.json", {}, *STRUCTURE_TEXTS)
    for dataset in draft.catalog.datasets.values():
        _write_observations(draft, dataset)


def _write_observations(draft: Draft, dataset: Dataset) -> None:
    names = ", ".join(f"'{name}'" for name in dataset.indicators)
    draft.con.execute(f"set variable indicators = [{names}]")
    set_variable(draft.con, "dataflow", dataflow_id(draft.catalog, dataset.name))
    query = shared_sql("sdmx_observations")
    path = csv_path_of(draft, f"{FOLDER}/{dataset.name}.csv", dataset)
    draft.copy(query, path, f"format csv, header, compression {compression_of(path)}")
    title = Text(fr=f"{dataset.title.fr}, SDMX-CSV 2.0", en=f"{dataset.title.en}, SDMX-CSV 2.0")
    schema = sdmx_schema(draft.schema("observations"))
    draft.add(f"{dataset.name}_sdmx", path, schema, title, dataset.description, dataset.made_of)
