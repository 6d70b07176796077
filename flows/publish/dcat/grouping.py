"""Grouping: which dataset of the catalogue a published file belongs to."""

from flows.catalog import Catalog
from flows.publish.draft import ORDER

BOUNDARIES = "boundaries"
# Tables that mean little apart: the one whose name and texts stand for them.
TOGETHER = {
    "barometer_indicators": "barometer_scores",
    "barometer_components": "barometer_scores",
    "barometer_profiles": "barometer_scores",
    "barometer_sensitivity": "barometer_scores",
    "similarity_variables": "similar_territories",
    "join_losses": "join_reports",
}


def dataset_of_table(catalog: Catalog, table: str) -> str:
    """The dataset that *table* is published in; the observations are the whole."""
    if table == "observations":
        return catalog.package.id
    first = TOGETHER.get(table, table)
    publication = catalog.publications.get(first)
    return publication.dataset if publication else first


def dataset_of_file(catalog: Catalog, name: str) -> str:
    """The dataset of the file that the data package calls *name*; the whole, if no other."""
    stem = name.removesuffix("_parquet")
    for table in (*ORDER, *catalog.publications):
        publication = catalog.publications.get(table)
        if stem in (table, publication.dataset if publication else table):
            return dataset_of_table(catalog, table)
    if stem.startswith(f"{BOUNDARIES}_"):
        return BOUNDARIES
    stem = stem.removeprefix("observations_")
    fits = [each for each in catalog.datasets if stem == each or stem.startswith(f"{each}_")]
    return max(fits, key=len, default=catalog.package.id)
