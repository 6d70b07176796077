"""What catalog/similarity.yml says: by which variables territories are alike."""

from typing import Annotated, Literal

from pydantic import Field

from flows.catalog.model import Model, Name


class Variable(Model):
    """An indicator, of which the newest value counts; on a `log` scale, zero is not comparable."""

    indicator: Name
    scale: Literal["linear", "log"] = "linear"


class Similarity(Model):
    """How many neighbours a territory of each level is given, and by which variables."""

    name: Literal["similarity"] = "similarity"
    neighbours: Annotated[int, Field(gt=0)]
    levels: dict[Literal["commune", "epci"], Annotated[tuple[Variable, ...], Field(min_length=1)]]
