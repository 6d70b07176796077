"""Addresses: their parts, and what of an address and of headers may be told."""

import re
from collections.abc import Iterable, Mapping
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit, urlunsplit

from flows.steps.fetch.limits import FetchError

SECRET_NAME = re.compile(r"(?i)token|key|secret|passw|signature|credential|^sig$|^auth")
HIDDEN = "***"
SHORTEST_SECRET = 4  # anything shorter would garble every message
PORTS = {"http": 80, "https": 443}

Origin = tuple[str, str, int]


def split(address: str) -> SplitResult:
    """The parts of an address over HTTP. Raises FetchError where it is none."""
    try:
        parts = urlsplit(address)
        known = parts.hostname and (parts.port or parts.scheme in PORTS)
    except ValueError:
        known = None
    if not known:
        raise FetchError("this is no address that can be asked")
    return parts


def origin_of(address: str) -> Origin:
    """Scheme, host and port."""
    parts = split(address)
    return parts.scheme, str(parts.hostname).lower(), parts.port or PORTS.get(parts.scheme, 0)


def redact(address: str) -> str:
    """*address* without passwords, fragment, and values of parameters that name a secret."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "an address that cannot be read"
    netloc = parts.netloc.rpartition("@")[2]
    query = "&".join(map(_redact_parameter, parts.query.split("&")))
    return urlunsplit((parts.scheme, netloc, parts.path, query, ""))


def _redact_parameter(parameter: str) -> str:
    name, equals, _ = parameter.partition("=")
    return f"{name}={HIDDEN}" if equals and SECRET_NAME.search(unquote(name)) else parameter


def find_secrets(address: str, headers: Mapping[str, str]) -> frozenset[str]:
    """Every text that no message may hold: values of headers, passwords and tokens."""
    texts = set(headers.values())
    for value in headers.values():
        texts.update(value.split())
    try:
        parts = urlsplit(address)
    except ValueError:
        return frozenset(texts)
    texts.update(value for name, value in parse_qsl(parts.query) if SECRET_NAME.search(name))
    raw = (parameter.partition("=") for parameter in parts.query.split("&"))
    texts.update(value for name, _, value in raw if SECRET_NAME.search(unquote(name)))
    texts.update((parts.username or "", parts.password or ""))
    return frozenset(text for text in texts if len(text) >= SHORTEST_SECRET)


def scrub(text: str, secrets: Iterable[str]) -> str:
    """*text* without any of *secrets*."""
    for secret in sorted(secrets, key=len, reverse=True):  # a part of one may be another
        text = text.replace(secret, HIDDEN)
    return text
