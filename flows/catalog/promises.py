"""What is promised of one release after another: how much may change, and what stays."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from flows.catalog.model import Model, Name
from flows.catalog.text import Text


class Change(Model):
    """What may change from one release to the next without a person who accepts it.

    At each level and period, at most `max_territories_percent` of the values may be lost, or differ
    by more than `max_percent` of what they were or of the median of the level, whichever is more.
    """

    max_percent: Annotated[float, Field(ge=0)] = 25
    max_territories_percent: Annotated[float, Field(ge=0, le=100)] = 10


class Acceptance(Model):
    """That a jump of an indicator is right: who says so, an office or a role, why and since when.

    Its name is that of exactly this change; see `jalon accept`.
    """

    name: Annotated[str, Field(pattern=r"^change_[0-9a-f]{16}$")]
    indicator: Name
    by: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^@]+$")]
    reason: Annotated[str, Field(min_length=1, max_length=1000)]
    on: date


class Retention(Model):
    """Which releases stay: the `last` ones, the newest of each of the last months, and `kept`.

    `kept` says why, by the name of the release. What `latest` points at always stays.
    """

    name: Literal["retention"] = "retention"
    last: Annotated[int, Field(gt=0)] = 10
    months: Annotated[int, Field(ge=0)] = 24
    kept: dict[str, Text] = Field(default_factory=dict)
