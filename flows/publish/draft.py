"""Draft: a release being written, and what its files have in common."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from flows.catalog import Catalog, Text
from flows.catalog.lineage import licence_of
from flows.catalog.models import Licence
from flows.files import read_json
from flows.publish.cells import as_cells
from flows.settings import Settings
from flows.warehouse import quote_text, reads_of

ORDER = {
    "territories": ("territory_id", "valid_from"),
    "indicators": ("indicator",),
    "observations": ("territory_id", "indicator", "period"),
    "observations_as_published": ("territory_id", "indicator", "period", "vintage"),
    "comparisons": ("territory_id", "indicator"),
    "similar_territories": ("territory_id", "similar_rank"),
    "similarity_variables": ("level", "indicator"),
    "targets": ("target", "indicator", "territory_id"),
    "barometer_scores": ("barometer", "profile", "level", "theme", "territory_id"),
    "barometer_indicators": ("barometer", "level", "indicator", "territory_id"),
    "barometer_components": ("barometer", "level", "theme", "indicator"),
    "barometer_profiles": ("barometer", "profile", "theme"),
    "barometer_sensitivity": ("barometer", "profile", "level", "choice"),
}


@dataclass(frozen=True)
class PublishedFile:
    """One file that holds a table; what the data package says of it.

    `made_of` names the queries behind it, as lineage does (`indicators/population`,
    `core.communes`): its sources and its licence follow from them. Of none: from all indicators.
    """

    name: str
    path: str
    title: Text
    description: Text
    schema: dict[str, Any]
    made_of: tuple[str, ...] = ()


@dataclass(frozen=True)
class Draft:
    """A folder that fills up with the files of a release, from one warehouse.

    `version` is the semantic version of the release; a draft that was compared with nothing has
    none. `changes` is what changes.json says, where the release differs from `before`; where the
    data are those of a release that stands already, `twin`, it is what that one says.
    """

    con: duckdb.DuckDBPyConnection
    settings: Settings
    catalog: Catalog
    folder: Path
    version: str = "0.0.0"
    changes: dict[str, Any] = field(default_factory=dict)
    before: Path | None = None
    twin: Path | None = None
    files: list[PublishedFile] = field(default_factory=list)

    @property
    def tables(self) -> list[str]:
        """The tables that are published, the three of the contract first."""
        return [*ORDER, *self.catalog.publications]

    def schema(self, table: str) -> dict[str, Any]:
        """The Table Schema under which *table* is published."""
        body: dict[str, Any] = read_json(self.settings.schemas / "published" / f"{table}.json")
        return body

    def order(self, table: str) -> str:
        """The columns that give *table* a total order, as SQL."""
        publication = self.catalog.publications.get(table)
        columns = publication.order_by if publication else ORDER[table]
        return ", ".join(f"{column} nulls first" for column in columns)

    def copy(self, query: str, path: str, options: str) -> int:
        """Write the rows of *query* to *path*; how many there were."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        copied = self.con.execute(f"copy ({query}) to {quote_text(target)} ({options})")
        return int(copied.fetchall()[0][0])

    def copy_csv(self, query: str, path: str, order: str = "", compression: str = "none") -> int:
        """Write the rows of *query* as a CSV, in *order* if given; no text in it is a formula."""
        rows = f"select {as_cells(self.con, query)} from ({query})"
        options = f"format csv, header, compression {compression}"
        return self.copy(f"{rows} order by {order}" if order else rows, path, options)

    def add(
        self,
        name: str,
        path: str,
        schema: dict[str, Any],
        title: Text,
        description: Text,
        made_of: tuple[str, ...] = (),
    ) -> None:
        """Note a file that was written, for the data package."""
        self.files.append(PublishedFile(name, path, title, description, schema, made_of))

    def made_of(self, table: str) -> tuple[str, ...]:
        """The queries behind *table*; of none, all indicators (see PublishedFile)."""
        if table in self.catalog.publications:
            return (f"publications/{table}",)
        return ("core.territories",) if table == "territories" else ()

    def whole(self, made_of: tuple[str, ...]) -> tuple[str, ...]:
        """*made_of*, or all indicators where it names no query (see PublishedFile)."""
        return made_of or tuple(f"indicators/{name}" for name in self.catalog.indicators)

    def licence(self, made_of: tuple[str, ...]) -> Licence:
        """The terms that the sources behind *made_of* ask for."""
        return licence_of(self.catalog, reads_of(self.catalog.queries), *self.whole(made_of))


def texts_of(schema: dict[str, Any]) -> tuple[Text, Text]:
    """Title and description of a published schema, in both languages."""
    title = Text(fr=schema["title"], en=schema["title_en"])
    return title, Text(fr=schema["description"], en=schema["description_en"])
