"""Target: one file that an API points at."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """An address, and the ISO date that the API tells of its file, if any."""

    address: str
    modified: str | None = None
