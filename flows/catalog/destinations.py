"""What catalog/destinations.yml may say: where releases are pushed, and as whom.

A secret is named, and never written: its value is in the environment, or in a Prefect Secret block.
"""

from typing import Annotated, Literal

from pydantic import Field

from flows.catalog.model import Model, Name

# As Prefect names its blocks. A key pasted here by mistake has capitals or signs, and is refused.
SecretName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=50)]
Address = Annotated[str, Field(pattern=r"^https?://[^@\s/?#]+$")]
# Where a key is sent as it is: encrypted, or to this machine.
SafeAddress = Annotated[str, Field(pattern=r"^(https://[^@\s/?#]+|http://127\.0\.0\.1(:[0-9]+)?)$")]


class Folder(Model):
    """A folder of this machine or of a mounted disk; from the project's folder, if not absolute."""

    name: Name
    kind: Literal["folder"]
    path: Annotated[str, Field(min_length=1)]

    @property
    def secrets(self) -> tuple[str, ...]:
        """The names of the secrets that a push needs."""
        return ()


class S3(Model):
    """A bucket of any storage that speaks S3; without `endpoint`, that of Amazon.

    `prefix` is the folder in it, and ends with a slash. `acl` is for storage where each object says
    that all may read it; else the bucket's own policy does.
    """

    name: Name
    kind: Literal["s3"]
    bucket: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")]
    prefix: Annotated[str, Field(pattern=r"^([A-Za-z0-9._-]+/)*$")] = ""
    endpoint: Address | None = None
    region: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")] = "us-east-1"
    access_key: SecretName
    secret_key: SecretName
    acl: Literal["public-read"] | None = None

    @property
    def secrets(self) -> tuple[str, ...]:
        """The names of the secrets that a push needs."""
        return (self.access_key, self.secret_key)


class DataGouv(Model):
    """An organisation on data.gouv.fr, or on another platform of its kind at `address`.

    `datasets` are the identifiers of those to push, else all. A file larger than
    `largest_megabytes`, or of a kind that is not stored there, is linked to where it is served, or
    left out where `links` is false. `stays_private` leaves it to a person to open what was made.
    """

    name: Name
    kind: Literal["datagouv"]
    environment: Literal["demo", "www"] = "demo"
    address: SafeAddress | None = None
    organization: Annotated[str, Field(pattern=r"^[0-9a-f]{24}$")]
    api_key: SecretName
    datasets: tuple[str, ...] = ()
    zones: tuple[str, ...] = ("country:fr",)
    largest_megabytes: Annotated[int, Field(gt=0)] = 100
    links: bool = True
    stays_private: bool = False

    @property
    def secrets(self) -> tuple[str, ...]:
        """The names of the secrets that a push needs."""
        return (self.api_key,)


Destination = Folder | S3 | DataGouv
KINDS: dict[str, type[Folder] | type[S3] | type[DataGouv]] = {
    "folder": Folder,
    "s3": S3,
    "datagouv": DataGouv,
}
