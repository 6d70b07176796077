"""Records: what every catalogue says of a dataset and of its files, told once.

DCAT, schema.org and Croissant are three ways to write the same records.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flows.catalog import Source, Text
from flows.catalog.models import Cadence, Keywords, Licence, Package
from flows.media_types import media_type_of
from flows.publish.changes import Previous
from flows.publish.dcat.vocabulary import KINDS, Kind


@dataclass(frozen=True)
class FileRecord:
    """One file of a dataset; `path` is that in the release, and is the same in every release."""

    name: str
    path: str
    title: Text
    description: Text
    bytes: int | None
    sha256: str | None
    licence: Licence
    schema: dict[str, Any] = field(default_factory=dict)
    schema_path: str | None = None

    @property
    def is_gzipped(self) -> bool:
        """Whether the file is to be unpacked before it is what `kind` says."""
        return self.path.endswith(".gz")

    @property
    def suffix(self) -> str:
        """Of what is inside: `csv` of a `.csv.gz`."""
        return self.path.removesuffix(".gz").rsplit(".", 1)[1]

    @property
    def kind(self) -> Kind:
        """The kind of file."""
        return KINDS[self.suffix]

    @property
    def media_type(self) -> str:
        """As servers tell it: a `.csv.gz` is gzip."""
        return media_type_of(self.path)

    @property
    def content_type(self) -> str:
        """Of what is inside: text/csv of a `.csv.gz`."""
        return media_type_of(self.path.removesuffix(".gz"))


@dataclass(frozen=True)
class Measure:
    """An indicator of a dataset, as catalogues of variables name it."""

    name: str
    title: Text
    unit: Text
    description: Text
    method: Text


@dataclass(frozen=True)
class DatasetRecord:
    """One dataset: `period` is the first and last day that it speaks of, if it speaks of any."""

    name: str
    title: Text
    description: Text
    keywords: Keywords
    data_theme: str
    cadence: Cadence
    modified: str
    period: tuple[date, date] | None
    sources: tuple[Source, ...]
    provenance: Text
    notes: Text | None
    measures: tuple[Measure, ...]
    files: tuple[FileRecord, ...]

    @property
    def licence(self) -> Licence:
        """That of the first file: the files of a dataset are made of the same sources."""
        return self.files[0].licence


@dataclass(frozen=True)
class Box:
    """West, south, east and north, in degrees of WGS 84."""

    west: float
    south: float
    east: float
    north: float

    @property
    def ring(self) -> str:
        """Its corners in the order of WKT, closed."""
        w, s, e, n = (f"{each:g}" for each in (self.west, self.south, self.east, self.north))
        return f"(({w} {s},{e} {s},{e} {n},{w} {n},{w} {s}))"


@dataclass(frozen=True)
class CatalogRecord:
    """All that is published; `boxes` are the parts of the country that lie apart.

    `previous` is the release before, if there is one.
    """

    package: Package
    licence: Licence
    version: str
    modified: str
    boxes: tuple[Box, ...]
    datasets: tuple[DatasetRecord, ...]
    has_api: bool
    previous: Previous | None = None

    def url(self, path: str) -> str:
        """Where *path* is served: always in `latest`, so that the address never changes."""
        return f"{self.package.base_url}{path}"

    def identifier(self, name: str) -> str:
        """The identifier of a dataset, which never changes."""
        whole = self.package.id
        return whole if name == whole else f"{whole}-{name.replace('_', '-')}"
