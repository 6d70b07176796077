"""Sdmx: the observations and their structures as statistical offices exchange them.

sdmx/structure.json is a structure message of SDMX-JSON 2.0; each dataset is a dataflow, whose
values are one file of SDMX-CSV 2.0.
"""

import json

from flows.catalog import Dataset
from flows.publish.draft import Draft
from flows.publish.sdmx.structure import dataflow_id, structure_message
from flows.publish.tables import LARGE_ROWS
from flows.warehouse import set_variable, shared_sql

FOLDER = "sdmx"


def write_sdmx(draft: Draft, prepared: str) -> None:
    """Write the structures, and the observations of each dataset; *prepared* is a date."""
    folder = draft.folder / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(structure_message(draft, prepared), ensure_ascii=False)
    (folder / "structure.json").write_text(text + "\n", encoding="utf-8")
    for dataset in draft.catalog.datasets.values():
        _write_observations(draft, dataset)


def _write_observations(draft: Draft, dataset: Dataset) -> None:
    """`.csv.gz` over as many rows as any other table, as its name says."""
    names = ", ".join(f"'{name}'" for name in dataset.indicators)
    draft.con.execute(f"set variable indicators = [{names}]")
    set_variable(draft.con, "dataflow", dataflow_id(draft.catalog, dataset.name))
    query = shared_sql("sdmx_observations")
    rows = draft.con.execute(f"select count(*) from ({query})").fetchall()[0][0]
    end, compression = (".gz", "gzip") if rows > LARGE_ROWS else ("", "none")
    path = f"{FOLDER}/{dataset.name}.csv{end}"
    draft.copy(query, path, f"format csv, header, compression {compression}")
