"""The public interfaces that a source may be pulled from, as its YAML names them under `api:`.

`base` is the server's address; only tests give another than the one that is known. Where a source
has editions, `{edition}` stands in any text of them. `formats` are those that it can be had in.
"""

import re
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from flows.catalog.model import Model

Address = Annotated[str, Field(pattern=r"^https?://[^/]+")]


class DataGouv(Model):
    """The current file of a dataset of data.gouv.fr, found by its id, title or schema.

    An address with a date in it rots; this asks which one is the newest. `title` is a regular
    expression, `schema_name` as in `etalab/schema-irve-statique`. Where several resources fit, the
    one modified last is taken, of those that say to be in the format of the source if there are.
    """

    formats: ClassVar = ("csv", "json", "geojson", "xlsx", "xls", "ods", "parquet", "gpkg")
    kind: Literal["datagouv"]
    dataset: str
    resource: str | None = None
    title: str | None = None
    schema_name: str | None = None
    base: Address = "https://www.data.gouv.fr"

    @model_validator(mode="after")
    def _finds_one_way(self) -> Self:
        if sum(each is not None for each in (self.resource, self.title, self.schema_name)) != 1:
            raise ValueError("give either resource:, title: or schema_name:")
        _refuse_pattern("title", self.title)
        return self

    @property
    def address(self) -> str:
        """The page of the dataset, as a machine reads it."""
        return f"{self.base}/api/1/datasets/{self.dataset}/"


class Tabular(Model):
    """A resource of data.gouv.fr page by page; `filters` as in `{"departement__exact": "35"}`.

    Its cells are written as JSON.
    """

    formats: ClassVar = ("json",)
    kind: Literal["tabular"]
    resource: str
    filters: dict[str, str] = Field(default_factory=dict)
    base: Address = "https://tabular-api.data.gouv.fr"

    @property
    def address(self) -> str:
        """The first page."""
        return f"{self.base}/api/resources/{self.resource}/data/"


class OpenDataSoft(Model):
    """A dataset of an OpenDataSoft portal (Explore 2.1): exported whole, or page by page.

    `select`, `where` and `refine` are those of its query language. Pages are for what is not in
    exports, and end at 10,000 rows: more is an error.
    """

    kind: Literal["opendatasoft"]
    dataset: str
    mode: Literal["export", "pages"] = "export"
    select: str | None = None
    where: str | None = None
    refine: tuple[str, ...] = ()
    base: Address

    @property
    def formats(self) -> tuple[str, ...]:
        """Of those of exports, the ones that we read."""
        return ("csv", "json", "geojson", "parquet", "xlsx") if self.mode == "export" else ("json",)

    @property
    def address(self) -> str:
        """The dataset."""
        return f"{self.base}/api/explore/v2.1/catalog/datasets/{self.dataset}"


class Melodi(Model):
    """A dataset of INSEE's Melodi; `filters` as in `{"GEO": "COM", "TIME_PERIOD": "2021"}`.

    Statuses of observation and of confidentiality are kept as columns. In another format than json
    it is a file of its catalogue, which is whole; where a dataset has several, `file` is a regular
    expression for the id of one, as in `DS_FLORES_A17_{edition}_CSV_FR`. A CSV comes in a zip, with
    another of labels: its `layout: member:` is `*_data.csv`.
    """

    kind: Literal["melodi"]
    dataset: str
    filters: dict[str, str | tuple[str, ...]] = Field(default_factory=dict)
    file: str | None = None
    base: Address = "https://api.insee.fr/melodi"

    @model_validator(mode="after")
    def _files_are_whole(self) -> Self:
        if self.file is not None and self.filters:
            raise ValueError("filters: are for observations, and file: is whole; give one of them")
        _refuse_pattern("file", self.file)
        return self

    @property
    def formats(self) -> tuple[str, ...]:
        """Observations as JSON, files as they are."""
        if self.filters:
            return ("json",)
        return ("csv", "xlsx", "parquet") if self.file else ("json", "csv", "xlsx", "parquet")

    @property
    def address(self) -> str:
        """The dataset."""
        return f"{self.base}/data/{self.dataset}"


class GeoApi(Model):
    """A list of geo.api.gouv.fr: communes, epcis, departements or regions, with `fields`."""

    formats: ClassVar = ("json",)
    kind: Literal["geo"]
    path: Literal["communes", "epcis", "departements", "regions"]
    fields: Annotated[tuple[str, ...], Field(min_length=1)]
    base: Address = "https://geo.api.gouv.fr"

    @property
    def address(self) -> str:
        """The list."""
        return f"{self.base}/{self.path}"


class Cube(Model):
    """A query to a Cube.js server that asks for a token.

    `token` names it; its value is in a Prefect Secret block of that name, or in the environment
    under that name in capitals, and never in the catalogue. All rows are asked for: a `limit` in
    the query is that of a page.
    """

    formats: ClassVar = ("json",)
    kind: Literal["cube"]
    query: dict[str, Any]
    token: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    base: Address

    @property
    def address(self) -> str:
        """Where it answers queries."""
        return f"{self.base}/cubejs-api/v1/load"


Api = DataGouv | Tabular | OpenDataSoft | Melodi | GeoApi | Cube


def of_edition(api: Api | None, edition: int | None) -> Api | None:
    """The same, with *edition* wherever `{edition}` stands."""
    if api is None or edition is None:
        return api
    told = api.model_dump_json().replace("{edition}", str(edition))
    return type(api).model_validate_json(told)


def _refuse_pattern(key: str, pattern: str | None) -> None:
    try:
        re.compile(pattern or "")
    except re.error as error:
        raise ValueError(f"{key}: is no regular expression: {error}") from error
