"""National schemas: the one of schema.data.gouv.fr that a file follows, by its header."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flows.errors import SourceError
from flows.examine import CATALOGUE
from flows.steps.fetch.http import shared_client

NAME = "schema.data.gouv.fr"
SHARE = 0.8  # of the file's columns that a schema must know


@dataclass(frozen=True)
class National:
    """A schema of the catalogue, and the share of a file's columns that it describes."""

    name: str
    descriptor: dict[str, Any]
    share: float


def find_national(labels: list[str]) -> National | None:
    """The schema that has all its required columns among *labels*, and knows most of these.

    None where no schema fits, or the catalogue cannot be asked: a draft does without it.
    """
    try:
        fits = [each for each in _read_all(labels) if each.share >= SHARE]
    except SourceError:
        return None
    return max(fits, key=lambda each: each.share, default=None)


def _read_all(labels: list[str]) -> Iterator[National]:
    client = shared_client()
    base = os.environ.get("JALON_SCHEMAS_URL", CATALOGUE)
    for told in client.get_json(NAME, f"{base}/schemas.json").get("schemas", []):
        if told.get("schema_type") != "tableschema" or not told.get("schema_url"):
            continue
        try:
            descriptor = client.get_json(NAME, told["schema_url"])
        except SourceError:
            continue  # one that is broken is none that the file follows
        yield National(told["name"], descriptor, _measure(descriptor, labels))


def _measure(descriptor: Any, labels: list[str]) -> float:
    """The share of *labels* that a schema knows; 0 where one that it requires is not there."""
    fields = descriptor.get("fields", []) if isinstance(descriptor, dict) else []
    required = {each["name"] for each in fields if each.get("constraints", {}).get("required")}
    known = {each["name"] for each in fields} & set(labels)
    return len(known) / max(len(labels), 1) if required <= set(labels) else 0.0
