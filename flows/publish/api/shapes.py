"""Shapes: what each kind of file of the API holds; JSON Schemas and OpenAPI are made of them."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

TerritoryId = Annotated[str, Field(pattern=r"^([A-Z]{2,8}-[0-9A-Za-z_]+|FRA)$")]
Period = Annotated[str, Field(pattern=r"^[0-9]{4}(-(Q[1-4]|[0-9]{2}))?$")]
Day = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
IndicatorName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Number = int | float | None
Statuses = Annotated[str, Field(pattern=r"^[ABEPMOQ-]+$")]
Status = Annotated[str, Field(pattern=r"^[ABEPMOQ]$")]
Quartiles = Annotated[str, Field(pattern=r"^[1-4-]+$")]
Percent = Annotated[float, Field(ge=0, le=100)]
Share = Annotated[float, Field(ge=0, le=1)]
# A cell of each territory, or one where it is the same for all.
Words = str | list[str | None] | None
Ids = TerritoryId | list[TerritoryId | None] | None
# For each indicator, a number of each territory; null where none has one.
Numbers = list[list[Number] | None]
Ranks = list[list[Annotated[int, Field(ge=1)] | None] | None]


class Shape(BaseModel):
    """Nothing but what is told here; a property that may be left out has a default."""

    model_config = ConfigDict(extra="forbid")


class Text(Shape):
    """In French and English."""

    fr: str
    en: str


class Territories(Shape):
    """Who they are, a column each; a cell that is the same for all stands alone."""

    territory_id: TerritoryId | list[TerritoryId]
    code: Words = None
    name: Words = None
    epci_id: Ids = None
    ept_id: Ids = None
    arrondissement_id: Ids = None
    departement_id: Ids = None
    region_id: Ids = None
    country_id: Ids = None
    collectivity_id: Ids = None
    population: int | list[int | None] | None = None
    size_class: Words = None
    valid_from: Day | list[Day | None] | None = None


class Series(Shape):
    """A cell per indicator. `values[i][t]` are those of territory t in `periods[i]`, null if it has
    none; they are rounded to two places more than the indicator's decimals. `statuses[i]` has a
    letter per period for each territory, or one string where it is the same for all; `-` is a
    period that is not in the tables. `coverage[i][t]` is null where it is 1 throughout.
    """

    indicator: list[IndicatorName]
    periods: list[list[Period]]
    values: list[list[list[Number] | None]]
    statuses: list[Statuses | list[Statuses]]
    coverage: list[list[list[Share] | None] | None]


class Group(Shape):
    """How many territories of a group have a value of each indicator, and their median."""

    count: list[int | None]
    median: list[Number]


class Comparisons(Shape):
    """A cell per indicator of `series`: the newest period, among the territories of the level, of
    the same département (communes) or région, and of the same class of size. Rank 1 is the best, or
    the highest where neither direction is better. Changes keep to the time since the last break.
    """

    period: list[Period | None]
    level_count: list[int | None]
    level_median: list[Number]
    level_rank: Ranks
    level_percentile: list[list[Percent | None] | None]
    level_quartile: list[Quartiles | None]
    parent_rank: Ranks
    size_rank: Ranks
    start_period: list[Period | list[Period | None] | None]
    change_since_start: Numbers
    change_1_year: Numbers
    change_5_years: Numbers
    parents: dict[TerritoryId, Group]
    sizes: dict[str, Group]


class Similar(Shape):
    """For each territory, those most like it, nearest first. `shared` and `differing` are positions
    in `similarity_variables`: in what they are most alike, and in what least.
    """

    similar_ids: list[list[TerritoryId] | None]
    distances: list[list[float] | None]
    shared: list[list[list[int]] | None]
    differing: list[list[int | None] | None]


class Targets(Shape):
    """What was promised for a territory, a row each: how far it is, whether the pace suffices."""

    target: list[str]
    title_fr: list[str]
    title_en: list[str]
    reference: list[str]
    indicator: list[IndicatorName]
    territory_id: list[TerritoryId]
    initial_period: list[Period | None] = []
    initial_value: list[Number] = []
    initial_status: list[Status | None] = []
    current_period: list[Period | None] = []
    current_value: list[Number] = []
    current_status: list[Status | None] = []
    target_period: list[Period | None] = []
    target_value: list[Number] = []
    progress_percent: list[Number] = []
    pace_per_year: list[Number] = []
    required_pace_per_year: list[Number] = []
    target_status: list[str]


class Scores(Shape):
    """Scores of a territory in the barometers, a row each, with the interval of the rank."""

    barometer: list[str]
    profile: list[str]
    theme: list[str]
    score: list[Number] = []
    rank: list[int | None] = []
    rank_low: list[int | None] = []
    rank_high: list[int | None] = []
    ranked_count: list[int]
    coverage: list[Share]


class TerritoryFile(Shape):
    """One territory, or all communes of an EPCI (of a département or collectivity if in none)."""

    level: str
    map: int
    territories: Territories
    series: Series
    comparisons: Comparisons
    similarity_variables: list[IndicatorName] | None = None
    similar_territories: Similar | None = None
    targets: Targets | None = None
    barometer_scores: Scores | None = None


class LevelList(Shape):
    """The territories of a level, a column each."""

    territory_id: list[TerritoryId]
    name: list[str]
    epci_id: list[TerritoryId | None] | None = None
    departement_id: list[TerritoryId | None] | None = None
    region_id: list[TerritoryId | None] | None = None
    country_id: list[TerritoryId | None] | None = None
    collectivity_id: list[TerritoryId | None] | None = None
    population: list[int | None] | None = None


class TerritoryList(Shape):
    """Every territory of today that has a file, by level."""

    map: int
    levels: dict[str, LevelList]


class Gone(Shape):
    """A column each; `valid_to` is the first day on which it was no more."""

    territory_id: list[TerritoryId]
    name: list[str]
    valid_to: list[Day]
    successor_id: list[TerritoryId | None] | None = None


class Successors(Shape):
    """Every territory that has vanished, and where most of its residents live today."""

    map: int
    territories: Gone


class Theme(Text):
    """A public goal that indicators serve."""

    name: str


class Bounds(Shape):
    """Between which every value lies."""

    minimum: Number
    maximum: Number


class Break(Shape):
    """A period from which a series is not comparable with what came before."""

    period: Period
    reason: Text


class Secrecy(Shape):
    """Who is counted, and under how many units or over which share of one a value is hidden; where
    this hides less than INSEE does, `reason` says why.
    """

    kind: Literal["persons", "enterprises", "fiscal"]
    min_units: int
    dominance_percent: float
    reason: Text | None


class Caution(Text):
    """A usage warning of the controlled vocabulary."""

    code: Literal["series_break", "old_data", "partial_field", "changed_geography", "small_numbers"]


class SourceCard(Shape):
    """Where the data come from."""

    name: str
    title: Text
    publisher: str
    homepage: str
    licence: str


class Card(Shape):
    """All that is to be known of an indicator. `secrecy` is null where nothing is hidden."""

    indicator: IndicatorName
    formerly: list[IndicatorName]
    dataset: str
    theme: Theme
    headline: bool
    title: Text
    description: Text
    method: Text
    unit: Text
    type: Literal["integer", "number"]
    bounds: Bounds
    direction: Literal["higher_is_better", "lower_is_better", "neutral"]
    rollup: Literal["sum", "ratio", "none"]
    per: int
    decimals: int
    coverage_threshold: Share
    published_from: str
    first_period: Period
    last_period: Period
    breaks: list[Break]
    secrecy: Secrecy | None
    usage_warnings: list[Caution]
    sources: list[SourceCard]
    licences: list[str]
    vintages: list[str]


class IndicatorList(Shape):
    """The cards of all indicators."""

    indicators: list[Card]


class Level(Shape):
    """The newest period of a level: how values are spread, and, but for communes, each value."""

    period: Period
    known_count: int
    unknown_count: int
    minimum: Number
    first_quartile: Number
    median: Number
    third_quartile: Number
    maximum: Number
    territory_id: list[TerritoryId] | None = None
    values: list[Number] | None = None
    statuses: Statuses | None = None
    coverage: list[Share] | None = None
    ranks: list[int | None] | None = None


class IndicatorFile(Card):
    """A card, and the newest values by level; also at the old names of the indicator."""

    levels: dict[str, Level]


class FileCard(Shape):
    """A file of the release; `path` is from its root. The database has no hash."""

    path: str
    media_type: str
    bytes: int | None
    sha256: str | None
    title: Text
    licence: str


class Keywords(Shape):
    """What a person would search for."""

    fr: list[str]
    en: list[str]


class DatasetCard(Shape):
    """A dataset with its files; `period` is the first and last day that it speaks of."""

    dataset: str
    identifier: str
    title: Text
    description: Text
    keywords: Keywords
    modified: Day
    period: tuple[Day, Day] | None
    licence: str
    indicators: list[IndicatorName]
    sources: list[str]
    usage_notes: Text | None
    feed: str
    files: list[FileCard]


class DatasetList(Shape):
    """Every dataset."""

    datasets: list[DatasetCard]


class IssueCard(Shape):
    """Something that a reuser should know."""

    severity: Literal["warning", "info"]
    subject: str
    kind: str
    count: int
    message_fr: str
    message_en: str


class IssueList(Shape):
    """What is wrong first, then what is only to be known."""

    issues: list[IssueCard]


class Listed(Shape):
    """A file of the API, and the schema that it keeps to; both from api/v1/."""

    path: str
    schema_: Annotated[str | None, Field(alias="schema")]
    bytes: int


class Index(Shape):
    """Every file of the API; the other files of the release are in datasets.json."""

    title: Text
    version: str
    licence: str
    openapi: str
    releases: str
    files: list[Listed]


class Observation(Shape):
    """A value in full, with its parts, status and coverage."""

    indicator: IndicatorName
    territory_id: TerritoryId
    level: str
    name: str
    period: Period
    value: Number
    numerator: Number
    denominator: Number
    coverage: Share
    obs_status: Annotated[str, Field(pattern="^[ABEPMOQ]$")]
    conf_status: Literal["F", "C"]


class Page(Shape):
    """Observations in the order of territory, indicator and period; `next` is the page after."""

    release: str
    observations: list[Observation]
    next: str | None
    renamed: dict[IndicatorName, IndicatorName] | None = None


class Refusal(Shape):
    """What is wrong, in which parameter, and what would do."""

    error: str
    parameter: str | None = None
    known: list[str] | None = None
    hint: str | None = None


SHAPES: dict[str, type[Shape]] = {
    "territory": TerritoryFile,
    "territories": TerritoryList,
    "successors": Successors,
    "indicators": IndicatorList,
    "indicator": IndicatorFile,
    "datasets": DatasetList,
    "issues": IssueList,
    "index": Index,
    "page": Page,
    "refusal": Refusal,
}


def schema_of(name: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of one kind of file."""
    return SHAPES[name].model_json_schema()
