"""Limits: how long, how much and how often we ask a server; and what goes wrong with one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

LOOK = "look at the address in its YAML, or try again later"
TELL = "try again later; if it stays so, tell the publisher"

# Requests a second that a host publishes, where they are fewer than ours. INSEE allows 30 a minute
# (https://portail-api.insee.fr). Others allow as many as we ask, or more: data.geopf.fr takes 10
# downloads a second (https://geoservices.ign.fr/node/1551), geo.api.gouv.fr 50.
QUOTAS: Mapping[str, float] = MappingProxyType({"api.insee.fr": 30 / 60})


@dataclass(frozen=True)
class Limits:
    """What a server may cost us. Tests give smaller ones."""

    connect_seconds: float = 10
    read_seconds: float = 60  # without a single byte
    answer_seconds: float = 180  # until all headers have come: an export may be computed first
    slow_seconds: float = 60  # over which the speed is measured, while we wait for the server
    slow_bytes_per_second: float = 1000
    max_bytes: int = 5_000_000_000
    max_unpacked_bytes: int = 100_000_000_000
    max_json_bytes: int = 50_000_000
    attempts: int = 4  # of a request, or of a body that gains nothing any more
    resumes: int = 20  # of a body that gains something each time
    backoff_seconds: float = 0.5  # doubled from attempt to attempt
    retry_after_seconds: float = 120  # a server that asks for more is left alone
    redirects: int = 5
    connections_per_host: int = 2
    requests_per_second: float = 10  # to one host, or its quota where that is lower
    quotas: Mapping[str, float] = field(default_factory=lambda: QUOTAS)


class FetchError(Exception):
    """A fault of an answer, before it is known whose source it is: a clause, and what to do."""

    def __init__(self, problem: str, hint: str = LOOK) -> None:
        super().__init__(problem, hint)
        self.problem, self.hint = problem, hint


class PassingError(FetchError):
    """A fault that time may heal, at the earliest after *wait* seconds where the server says so."""

    def __init__(self, problem: str, hint: str = LOOK, wait: float | None = None) -> None:
        super().__init__(problem, hint)
        self.wait = wait


class SlowError(PassingError):
    """A server that drips. Going on where it stopped would only drip again."""
