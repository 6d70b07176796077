"""Asked: what is asked of a server and for which source, and its faults as sentences."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flows.errors import SourceError
from flows.steps.fetch.addresses import find_secrets, redact, scrub
from flows.steps.fetch.limits import FetchError, PassingError

if TYPE_CHECKING:
    import requests


@dataclass(frozen=True)
class Validators:
    """By what a server knows a file that we already hold."""

    etag: str | None = None
    last_modified: str | None = None

    def ask(self) -> dict[str, str]:
        """The headers which ask for the file only if it is another."""
        told = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in told.items() if value}


UNKNOWN = Validators()


@dataclass(frozen=True)
class Asked:
    """What is asked, for which source, and what no message about it may hold."""

    name: str
    address: str
    headers: Mapping[str, str]

    def explain(self, fault: FetchError) -> SourceError:
        """The fault as a sentence; its cause is one of requests where time may heal it."""
        import requests

        secrets = find_secrets(self.address, self.headers)
        problem = scrub(fault.problem, secrets)
        told = f"cannot fetch {scrub(redact(self.address), secrets)}: {problem}"
        error = SourceError(self.name, told, fault.hint)
        is_passing = isinstance(fault, PassingError)
        error.__cause__ = requests.ConnectionError(problem) if is_passing else None
        return error


@contextmanager
def explaining(asked: Asked) -> Iterator[None]:
    """Make of each fault a SourceError about what was asked."""
    try:
        yield
    except FetchError as fault:
        error = asked.explain(fault)
        raise error from error.__cause__  # never from what libraries tell: they quote addresses


def find_cause(error: "requests.RequestException | BaseException") -> str:
    """The answer's status, or the first of the errors that urllib3 and requests have wrapped."""
    if (response := getattr(error, "response", None)) is not None:
        return f"{response.status_code} {response.reason}"
    first: BaseException = error
    while inner := first.__cause__ or first.__context__:
        first = inner
    told = " ".join(str(first).split())[:200]
    is_bare = not told or type(first).__name__ == "BadStatusLine"  # which holds the line alone
    return f"{type(first).__name__} {told}".strip() if is_bare else told
