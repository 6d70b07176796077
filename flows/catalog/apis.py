"""The public interfaces that a source may be pulled from, as its YAML names them under `api:`.

`base` is the server's address; only tests give another than the one that is known.
"""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from flows.catalog.model import Model

Address = Annotated[str, Field(pattern=r"^https?://[^/]+")]


class DataGouv(Model):
    """The current file of a dataset of data.gouv.fr, found by its id, title or schema.

    An address with a date in it rots; this asks which one is the newest. `title` is a regular
    expression, `schema_name` as in `etalab/schema-irve-statique`. Where several resources fit, the
    one modified last is taken.
    """

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
        return self

    @property
    def address(self) -> str:
        """The page of the dataset, as a machine reads it."""
        return f"{self.base}/api/1/datasets/{self.dataset}/"


class Tabular(Model):
    """A resource of data.gouv.fr page by page; `filters` as in `{"departement__exact": "35"}`.

    Its cells are written as JSON.
    """

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
    def address(self) -> str:
        """The dataset."""
        return f"{self.base}/api/explore/v2.1/catalog/datasets/{self.dataset}"


class Melodi(Model):
    """A dataset of INSEE's Melodi; `filters` as in `{"GEO": "COM", "TIME_PERIOD": "2021"}`.

    Statuses of observation and of confidentiality are kept as columns.
    """

    kind: Literal["melodi"]
    dataset: str
    filters: dict[str, str | tuple[str, ...]] = Field(default_factory=dict)
    base: Address = "https://api.insee.fr/melodi"

    @property
    def address(self) -> str:
        """The dataset."""
        return f"{self.base}/data/{self.dataset}"


class GeoApi(Model):
    """A list of geo.api.gouv.fr: communes, epcis, departements or regions, with `fields`."""

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
    under that name in capitals, and never in the catalogue.
    """

    kind: Literal["cube"]
    query: dict[str, Any]
    token: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    base: Address

    @property
    def address(self) -> str:
        """Where it answers queries."""
        return f"{self.base}/cubejs-api/v1/load"


Api = DataGouv | Tabular | OpenDataSoft | Melodi | GeoApi | Cube
