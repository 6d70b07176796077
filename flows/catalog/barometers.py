"""What a file of catalog/barometers/ may say: an index of territories, step by step.

The steps are those of the "Handbook on constructing composite indicators" (OECD and JRC, 2008).
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from flows.catalog.model import Model, Name
from flows.catalog.text import Text

Percent = Annotated[float, Field(ge=0, le=100)]
BarometerLevel = Literal["epci", "departement", "region"]
Outliers = Literal["treated", "as_they_are"]
Normalisation = Literal["min_max", "z_score", "rank"]
Imputation = Literal["none", "parent_median"]
Aggregation = Literal["arithmetic", "geometric"]


class Component(Model):
    """An indicator of a theme; `per` is the indicator by which it is divided, for a plain count."""

    indicator: Name
    weight: Annotated[float, Field(gt=0)] = 1
    per: Name | None = None


class Profile(Model):
    """What each theme weighs, for whom; only how they compare counts, not what they add up to."""

    title: Text
    description: Text
    weights: Annotated[dict[Name, Annotated[float, Field(gt=0)]], Field(min_length=1)]


class Screening(Model):
    """How much must be known, in percent of what is asked for.

    `min_territories_percent` of the territories, for an indicator to count; `min_theme_percent` and
    `min_overall_percent` of the weights, for a territory to have a score.
    """

    min_territories_percent: Percent
    min_theme_percent: Annotated[float, Field(gt=0, le=100)]
    min_overall_percent: Annotated[float, Field(gt=0, le=100)]


class Skewed(Model):
    """When an indicator has outliers: both limits are passed; then how many may be pulled in."""

    max_skewness: Annotated[float, Field(gt=0)] = 2
    max_kurtosis: Annotated[float, Field(gt=0)] = 3.5
    max_percent: Percent = 5


class Method(Model):
    """The choices that could have been others: the first of each is that of the scores."""

    outliers: Annotated[tuple[Outliers, ...], Field(min_length=1)]
    normalisation: Annotated[tuple[Normalisation, ...], Field(min_length=1)]
    imputation: Annotated[tuple[Imputation, ...], Field(min_length=1)]
    aggregation: Annotated[tuple[Aggregation, ...], Field(min_length=1)]


class Uncertainty(Model):
    """How the index is computed again: half of `draws`, and `weight_noise_percent` either way."""

    draws: Annotated[int, Field(ge=2, le=20_000, multiple_of=2)] = 1000
    seed: Annotated[int, Field(ge=0)]
    weight_noise_percent: Annotated[float, Field(ge=0, lt=100)] = 25


class Barometer(Model):
    """An index of territories, by theme and overall, under several profiles of weights."""

    name: Name
    title: Text
    description: Text
    levels: Annotated[tuple[BarometerLevel, ...], Field(min_length=1)]
    themes: Annotated[
        dict[Name, Annotated[tuple[Component, ...], Field(min_length=1)]], Field(min_length=1)
    ]
    profiles: Annotated[dict[Name, Profile], Field(min_length=1)]
    screening: Screening
    skewed: Skewed = Skewed()
    method: Method
    uncertainty: Uncertainty

    @model_validator(mode="after")
    def _says_each_once(self) -> Self:
        names = [each.indicator for each in self.components.values()]
        every = [each.indicator for theme in self.themes.values() for each in theme]
        if len(names) != len(every):
            twice = sorted({name for name in every if every.count(name) > 1})
            raise ValueError(f"given twice: {', '.join(twice)}")
        if "overall" in self.themes:
            raise ValueError("no theme may be called overall")
        for name, profile in self.profiles.items():
            if profile.weights.keys() != self.themes.keys():
                raise ValueError(f"profile {name} must weigh: {', '.join(self.themes)}")
        return self

    @property
    def components(self) -> dict[str, Component]:
        """Every indicator, by its name."""
        return {each.indicator: each for theme in self.themes.values() for each in theme}
