"""What a file of catalog/targets/ may say: a value that was promised for a date."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from flows.catalog.model import Model, Name
from flows.catalog.text import Text

Period = Annotated[str, Field(pattern=r"^[0-9]{4}(-(Q[1-4]|0[1-9]|1[0-2]))?$")]


class Start(Model):
    """Where it began; without `value`, what the indicator gives for that period."""

    period: Period
    value: float | None = None


class Due(Model):
    """What is to be reached: a `value`, or a change in percent of the initial one."""

    period: Period
    value: float | None = None
    change_percent: float | None = None

    @model_validator(mode="after")
    def _says_how_much(self) -> Self:
        if (self.value is None) == (self.change_percent is None):
            raise ValueError("give either value: or change_percent:")
        return self


class Target(Model):
    """What was promised, by which text (`reference` is its address), for one territory.

    Without `indicator`, an .sql beside it gives a row per indicator and territory.
    """

    name: Name
    title: Text
    description: Text
    reference: Annotated[str, Field(pattern=r"^https?://")]
    indicator: Name | None = None
    territory_id: str = "FRA"
    initial: Start | None = None
    due: Due | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        given = [each is not None for each in (self.indicator, self.initial, self.due)]
        if any(given) != all(given):
            raise ValueError("indicator:, initial: and due: go together, or stand in an .sql")
        if self.initial and self.due and self.initial.period >= self.due.period:
            raise ValueError("due: comes after initial:")
        return self
