"""A text that the public reads."""

from typing import Annotated

from pydantic import Field

from flows.catalog.model import Model


class Text(Model):
    """What the public reads, in both languages."""

    fr: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]
