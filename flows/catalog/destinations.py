"""What catalog/destinations.yml may say: where releases are pushed, and as whom.

A secret is named, and never written: its value is in the environment, or in a Prefect Secret block.
"""

from typing import Annotated, Literal

from pydantic import Field

from flows.catalog.model import Model, Name


class Folder(Model):
    """A folder of this machine or of a mounted disk; from the project's folder, if not absolute."""

    name: Name
    kind: Literal["folder"]
    path: Annotated[str, Field(min_length=1)]


Destination = Folder
KINDS: dict[str, type[Destination]] = {"folder": Folder}
