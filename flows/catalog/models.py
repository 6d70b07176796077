"""What a file of the catalogue may say. The stem of the file is the name of the thing."""

from collections.abc import Iterator
from datetime import date
from difflib import get_close_matches
from typing import Annotated, Literal, Self
from urllib.parse import urljoin

from pydantic import Field, model_validator

from flows.catalog.apis import Api
from flows.catalog.barometers import Barometer
from flows.catalog.destinations import Destination
from flows.catalog.model import Model, Name
from flows.catalog.promises import Acceptance, Change, Retention
from flows.catalog.secrecy import Secrecy, SecrecyRule
from flows.catalog.similarity import Similarity
from flows.catalog.targets import Target
from flows.catalog.text import Text
from flows.errors import CatalogError

# Tables of core that no query of the catalogue makes, and that any may read.
MADE_BY_STEPS = ("declared_members", "join_reports", "join_losses")
TERRITORY_PREFIXES = frozenset(
    ("COM", "ARM", "COMD", "COMA", "EPCI", "EPT", "ARR", "DEP", "REG", "FRA", "COL", "USR")
)
MemberId = Annotated[str, Field(pattern=r"^(COM|EPCI|EPT|ARR|DEP|REG|COL)-[0-9A-Z]+$")]
Cadence = Literal["daily", "weekly", "monthly", "quarterly", "yearly", "irregular"]
Format = Literal["csv", "json", "geojson", "xlsx", "xls", "ods", "parquet", "gpkg"]
# From the finest on; what is published from one level is published at those after it too.
Level = Literal["commune", "epci", "departement", "region"]
Warning_ = Literal[
    "series_break", "old_data", "partial_field", "changed_geography", "small_numbers"
]
PublisherKind = Literal[
    "Academia-ScientificOrganisation",
    "Company",
    "LocalAuthority",
    "NationalAuthority",
    "NonGovernmentalOrganisation",
    "NonProfitOrganisation",
    "RegionalAuthority",
]
# The EU's table of data themes, which European catalogues sort by.
DataTheme = Literal[
    "AGRI",
    "ECON",
    "EDUC",
    "ENER",
    "ENVI",
    "GOVE",
    "HEAL",
    "INTR",
    "JUST",
    "REGI",
    "SOCI",
    "TECH",
    "TRAN",
]


class Bounds(Model):
    """Under the minimum stops; over the maximum warns for rows, stops for values."""

    min: float
    max: float

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.min > self.max:
            raise ValueError(f"min {self.min} is above max {self.max}")
        return self


class Rejects(Model):
    """The share of rejected rows over which a source stops the run."""

    max_percent: Annotated[float, Field(ge=0, le=100)] = 0


class Coordinates(Model):
    """The columns that place a row, in degrees of WGS 84. Off every commune, but no farther than
    `near_km` from one, it is in the nearest.
    """

    longitude: Name
    latitude: Name
    near_km: Annotated[float, Field(ge=0, le=10)] = 1


class Geography(Model):
    """That `core.<source>` has a column `commune_code`, and which year's map it speaks.

    Or `epci_code`, `departement_code`, `region_code`, where that is its level: such a code is one
    of today's map, or is lost.

    `vintage` is a year, or the column that holds it. `counts` are columns that add up, whose totals
    are told before and after. Of the rows, at most `max_lost_percent` may carry a code that no map
    knows. A source with `coordinates` gives no commune_code: it is found, and `vintage` is the year
    of the boundaries.
    """

    level: Level
    vintage: int | Name
    coordinates: Coordinates | None = None
    counts: tuple[Name, ...] = ()
    max_lost_percent: Annotated[float, Field(ge=0, le=100)] = 0


class Zoning(Model):
    """That `core.<source>` puts every commune in a zone: zones are territories like others.

    The id of a zone is `<prefix>-<what the column holds>`, its name is in `names`. A commune that
    was merged since is in the zone of its seat.
    """

    prefix: Annotated[str, Field(pattern=r"^[A-Z]{2,8}$")]
    column: Name
    names: Annotated[dict[str, Text], Field(min_length=1)]

    @model_validator(mode="after")
    def _prefix_is_free(self) -> Self:
        if self.prefix in TERRITORY_PREFIXES:
            raise ValueError(f"prefix {self.prefix} is that of other territories")
        return self


class Correction(Model):
    """An error of the publisher: what is found, what to use, and why; fails once it is mended."""

    column: str
    found: str
    use: str | None
    rows: Annotated[int, Field(gt=0)]
    reason: Text
    reported: str


class Csv(Model):
    """How a CSV is written, where it is not comma, double quote and UTF-8."""

    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    encoding: Literal["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"] = "utf-8"


class Layout(Model):
    """Where the table stands in a file that holds more than it.

    `member` is a pattern (`*.csv`) for the one file of a zip or tar. The header is the row
    `header_row` of the sheet or CSV, and `skipped_rows` follow it before the data. In a JSON,
    `rows` is the way to the list of rows (`data/items`), and `columns` gives the way to each cell
    in a row (`{region_code: "*.geocode_region"}`); a part of a way may be a pattern that one key
    fits. `layer` is that of a GeoPackage.
    """

    member: str | None = None
    sheet: str | None = None
    header_row: Annotated[int, Field(ge=1)] = 1
    skipped_rows: Annotated[int, Field(ge=0)] = 0
    rows: str | None = None
    columns: dict[str, str] = Field(default_factory=dict)
    layer: str | None = None


class Source(Model):
    """One published table, in one file or in one per edition.

    Its files come from a snapshot of the project, from a `url`, or from an `api`. `public_columns`
    are those whose cells our reports may quote; `private_columns` are dropped before anything is
    stored, of an archive only where `layout` names its member. `secret_values` are the cells of a
    column that say that the publisher keeps its number secret (`s`, `nd`, `*`, or "" where nothing
    stands): the SQL finds them empty, and `<column>_is_secret` true. A file older than
    `max_age_days`, when no newer one can be had, stops the run. `unseen` says that its real file
    was never read: it is described, and not fetched.
    """

    name: Name
    title: Text
    publisher: str
    homepage: str
    licence: str
    cadence: Cadence
    format: Format
    snapshot: str | None = None
    url: Annotated[str | None, Field(pattern=r"^https?://")] = None
    api: Annotated[Api, Field(discriminator="kind")] | None = None
    unseen: bool = False
    max_age_days: Annotated[int, Field(gt=0)] | None = None
    editions: tuple[int, ...] = ()
    csv: Csv = Csv()
    layout: Layout = Layout()
    geography: Geography | None = None
    zoning: Zoning | None = None
    rows: Bounds
    rejects: Rejects = Rejects()
    ignored_columns: tuple[str, ...] = ()
    private_columns: tuple[str, ...] = ()
    public_columns: tuple[str, ...] = ()
    secret_values: dict[str, Annotated[tuple[str, ...], Field(min_length=1)]] = Field(
        default_factory=dict
    )
    corrections: tuple[Correction, ...] = ()
    quirks: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _has_one_address(self) -> Self:
        if sum(each is not None for each in (self.snapshot, self.url, self.api)) != 1:
            raise ValueError("give either snapshot:, url: or api:, and one of them only")
        if self.zoning and not self.geography:
            raise ValueError("zoning: needs geography:, which says whose codes these are")
        if self.snapshot and self.private_columns:
            raise ValueError(
                "private_columns: are dropped in fetching; take them out of a snapshot"
            )
        if bool(self.editions) != ("{edition}" in self._told_address):
            raise ValueError("editions: and {edition} in the address go together")
        return self

    @model_validator(mode="after")
    def _api_gives_format(self) -> Self:
        if self.api and self.format not in self.api.formats:
            told = ", ".join(self.api.formats)
            raise ValueError(f"api: gives {told} as it stands here, and format: is {self.format}")
        return self

    @property
    def _told_address(self) -> str:
        """All that says where its files are: an API may name the edition elsewhere."""
        return self.api.model_dump_json() if self.api else self.address

    @property
    def is_live(self) -> bool:
        """Whether its files come from the network."""
        return self.snapshot is None

    @property
    def is_held(self) -> bool:
        """Whether it has private columns that cannot be dropped while it streams in."""
        is_streamed = self.format in ("csv", "json", "geojson") and not self.layout.member
        has_private = self.is_live and bool(self.private_columns)
        return has_private and not (is_streamed and not self.layout.columns)

    def as_stored(self) -> Self:
        """How its stored files are read: where it is held, a CSV with commas in UTF-8."""
        if not self.is_held:
            return self
        return self.model_copy(update={"format": "csv", "csv": Csv(), "layout": Layout()})

    @property
    def address(self) -> str:
        """The path under catalog/snapshots/, the URL, or that of the API; may hold {edition}."""
        return self.snapshot or self.url or (self.api.address if self.api else "")

    @property
    def family(self) -> str:
        """The folder of its snapshot, which several sources may share; else its own name."""
        return self.snapshot.split("/")[0] if self.snapshot else self.name

    def addresses(self) -> dict[int | None, str]:
        """Edition to address; a source without editions has one, under None."""
        if not self.editions:
            return {None: self.address}
        return {
            edition: self.address.replace("{edition}", str(edition)) for edition in self.editions
        }


class Territory(Model):
    """A territory of one's own: a SCoT, a PETR, a basin. `members` are ids of territories of today.

    It is one since `since`, or since the map of the release.
    """

    name: Name
    title: Text
    description: Text
    members: Annotated[tuple[MemberId, ...], Field(min_length=1)]
    since: date | None = None

    @property
    def territory_id(self) -> str:
        """As in `USR-pays_de_rennes`."""
        return f"USR-{self.name}"


class Table(Model):
    """A shared join of several sources; one with a geography is brought to today's map."""

    name: Name
    description: str
    geography: Geography | None = None


class Break(Model):
    """A period from which a series is no longer comparable with what came before, and why."""

    period: str
    reason: Text


class Indicator(Model):
    """One number per territory and period.

    `level` is what its SQL gives; `published_from` the finest level that the public sees. `rollup`
    is `sum` (numerators add up), `ratio` (numerators and denominators add up, then are divided) or
    `none` (given at its own level only, since a rate is never averaged). A `headline` stands on the
    first page, and beside the name of a territory on maps. What is deprecated is announced in each
    release, and stays until `removed_on` at least.
    """

    name: Name
    title: Text
    description: Text
    method: Text
    unit: Text
    theme: Name
    direction: Literal["higher_is_better", "lower_is_better", "neutral"]
    rollup: Literal["sum", "ratio", "none"]
    level: Level = "commune"
    published_from: Level = "commune"
    per: Annotated[int, Field(gt=0)] = 1
    decimals: Annotated[int, Field(ge=0, le=6)] = 0
    value: Bounds
    coverage: Annotated[float, Field(gt=0, le=1)] = 0.95
    secrecy: Secrecy | Literal["none"]
    breaks: tuple[Break, ...] = ()
    provisional: tuple[str, ...] = ()
    usage_warnings: tuple[Warning_, ...] = ()
    formerly: tuple[Name, ...] = ()
    headline: bool = False
    change: Change = Change()
    deprecated_on: date | None = None
    removed_on: date | None = None

    @model_validator(mode="after")
    def _announced_first(self) -> Self:
        if self.removed_on and not self.deprecated_on:
            raise ValueError("removed_on: needs deprecated_on:, the day from which it is announced")
        if self.removed_on and self.deprecated_on and self.removed_on <= self.deprecated_on:
            raise ValueError(f"removed_on: must come after deprecated_on: {self.deprecated_on}")
        return self


class Keywords(Model):
    """What a person would search for, in both languages."""

    fr: tuple[str, ...] = ()
    en: tuple[str, ...] = ()


class Dataset(Model):
    """Indicators published together; `data_theme` is a code of the EU's table of data themes.

    Where it is `packed`, its CSVs are gzipped: an address never depends on how many rows there are.
    """

    name: Name
    title: Text
    description: Text
    data_theme: DataTheme = "REGI"
    keywords: Keywords = Keywords()
    packed: bool = False
    indicators: Annotated[tuple[Name, ...], Field(min_length=1)]

    @property
    def made_of(self) -> tuple[str, ...]:
        """The queries behind it, as lineage names them."""
        return tuple(f"indicators/{name}" for name in self.indicators)


class Publication(Model):
    """A table that is published as it stands, beside the observations, as a dataset of its own.

    Its CSV is gzipped where it is `packed`, as that of a Dataset is.
    """

    name: Name
    dataset: Name
    title: Text
    description: Text
    packed: bool = False
    order_by: Annotated[tuple[Name, ...], Field(min_length=1)]


class Theme(Model):
    """A public goal that indicators serve."""

    name: Name
    title: Text


class SizeClasses(Model):
    """The classes of size that territories of a level are compared in: the least of each, in
    inhabitants. It bears the name of the level.
    """

    name: Name
    minimums: Annotated[tuple[Annotated[int, Field(ge=0)], ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _ascending(self) -> Self:
        if list(self.minimums) != sorted(set(self.minimums)) or self.minimums[0] != 0:
            raise ValueError("minimums: start at 0 and ascend")
        return self


class Licence(Model):
    """The terms under which a source may be used again; `path` is where they are written.

    Under `share_alike` all that is made of it must bear the same terms.
    """

    name: Name
    title: str
    path: str
    spdx: str | None = None
    datagouv: str | None = None
    share_alike: bool = False


class Contact(Model):
    """The office that answers questions: never a person."""

    name: Text
    url: Annotated[str, Field(pattern=r"^https?://")]


class Package(Model):
    """Who publishes the whole, under which name and terms.

    `base_url` is where the content of `public/latest/` is served, with a slash at its end: every
    published address begins with it. `publisher_kind` is of the ADMS vocabulary that Europe uses.
    """

    name: Literal["package"] = "package"
    id: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    title: Text
    description: Text
    homepage: str
    base_url: Annotated[str, Field(pattern=r"^https?://[^\s?#]+/$")]
    publisher: str
    publisher_kind: PublisherKind
    contact: Contact
    licence: str
    keywords: tuple[str, ...]
    version: Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+$")]

    def releases_url(self, path: str = "") -> str:
        """Where what stands with all releases is served: beside `latest/`, which is one of them."""
        return urljoin(self.base_url, f"../releases/{path}")


class Catalog(Model):
    """All of the catalogue, each kind by name; `queries` holds the SQL of each kind and name."""

    package: Package
    themes: dict[str, Theme]
    licences: dict[str, Licence]
    size_classes: dict[str, SizeClasses]
    secrecy: dict[str, SecrecyRule]
    similarity: Similarity
    sources: dict[str, Source]
    tables: dict[str, Table]
    indicators: dict[str, Indicator]
    datasets: dict[str, Dataset]
    publications: dict[str, Publication]
    territories: dict[str, Territory]
    barometers: dict[str, Barometer] = Field(default_factory=dict)
    targets: dict[str, Target] = Field(default_factory=dict)
    destinations: dict[str, Destination] = Field(default_factory=dict)
    accepted: dict[str, Acceptance] = Field(default_factory=dict)
    retention: Retention = Retention()
    queries: dict[str, dict[str, str]]

    @property
    def headlines(self) -> list[Indicator]:
        """The indicators that stand for their datasets, in the order of these."""
        names = (name for each in self.datasets.values() for name in each.indicators)
        return [self.indicators[name] for name in names if self.indicators[name].headline]

    @property
    def geographies(self) -> dict[str, Geography]:
        """What is brought to today's map, of sources and tables of communes: by name."""
        return {name: each for name, each in self._geographies() if each.level == "commune"}

    @property
    def coarse_geographies(self) -> dict[str, Geography]:
        """What speaks of larger territories than communes, of sources and tables: by name."""
        return {name: each for name, each in self._geographies() if each.level != "commune"}

    def _geographies(self) -> Iterator[tuple[str, Geography]]:
        every: dict[str, Source | Table] = {**self.sources, **self.tables}
        return ((name, each.geography) for name, each in every.items() if each.geography)

    def source(self, name: str) -> Source:
        """The source of that name; raises CatalogError, with the names that would do."""
        if name not in self.sources:
            raise CatalogError(name, f"no such source (known: {', '.join(self.sources)})")
        return self.sources[name]

    def indicator(self, name: str) -> Indicator:
        """The indicator of that name; raises CatalogError, with the nearest names."""
        if name not in self.indicators:
            near = get_close_matches(name, self.indicators, 5, 0.4) or list(self.indicators)
            raise CatalogError(name, f"no such indicator (known: {', '.join(near)} …)")
        return self.indicators[name]
