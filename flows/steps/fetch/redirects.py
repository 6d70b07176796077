"""Redirects: where one may lead, and what another server may be told."""

import ipaddress
import socket
from collections.abc import Mapping
from contextlib import suppress
from urllib.parse import SplitResult, urljoin

from flows.steps.fetch.addresses import PORTS, origin_of, redact, split
from flows.steps.fetch.limits import FetchError

FOR_ANYONE = ("accept", "accept-language", "accept-encoding", "user-agent")
MOVED = "if the publisher has moved the file, write the new address in its YAML"


def follow(here: str, location: str | None) -> str:
    """Where a redirect leads. Raises FetchError where it must not be followed."""
    if not location:
        raise FetchError("a redirect that leads nowhere: it has no Location")
    try:
        there = urljoin(here, location)
    except ValueError as error:
        raise FetchError("a redirect to what is no address") from error
    old, new = split(here), _split_target(there)
    if new.scheme != old.scheme:
        problem = f"a redirect from {old.scheme} to {new.scheme}, at {redact(there)}"
        raise FetchError(problem, "write that address in its YAML, if it is the publisher's")
    if new.username is not None or new.password is not None:
        problem = f"a redirect that brings a user and password, to {redact(there)}"
        raise FetchError(problem, MOVED)
    return there


def _split_target(there: str) -> SplitResult:
    """The parts of the address to which a redirect leads, whatever its scheme."""
    scheme = there.partition(":")[0].lower()
    if scheme not in PORTS:
        return SplitResult(scheme, "", "", "", "")
    try:
        return split(there)
    except FetchError as error:
        raise FetchError("a redirect to what is no address") from error


def headers_for(address: str, own: str, headers: Mapping[str, str]) -> dict[str, str]:
    """Those of *headers* that *address* may see: any other server than our own gets no secret."""
    if origin_of(address) == origin_of(own):
        return dict(headers)
    return {name: value for name, value in headers.items() if name.lower() in FOR_ANYONE}


def refuse_literal(host: str) -> None:
    """Raise FetchError if *host* is written as a private address: no name need be resolved."""
    if host.rstrip(".") == "localhost" or host.endswith(".localhost"):
        refuse_peer(host, "127.0.0.1")
    with suppress(ValueError):
        refuse_peer(host, str(ipaddress.ip_address(host.strip("[]"))))


def refuse_private(host: str, port: int) -> None:
    """Raise FetchError if *host* is, or resolves to, an address inside of a network.

    Raises OSError where it cannot be resolved.
    """
    for found in socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM):
        refuse_peer(host, str(found[4][0]))


def refuse_peer(host: str, address: str) -> None:
    """Raise FetchError if *address*, which *host* has, is not a public one."""
    if not is_public(address):
        problem = f"a redirect to {host}, which is a private address"
        raise FetchError(problem, "look at where the address in its YAML leads")


def is_public(address: str) -> bool:
    """Whether *address* is of the open internet, also where it is an IPv4 within an IPv6."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if inner is None and ip in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if ip.is_site_local:
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved
