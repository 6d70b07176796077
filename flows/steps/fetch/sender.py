"""Sender: one request to one server, when its turn has come."""

from collections.abc import Mapping
from contextlib import ExitStack, suppress
from typing import Any

import requests

from flows.steps.fetch.addresses import origin_of, split
from flows.steps.fetch.asked import find_cause
from flows.steps.fetch.connect import make_adapter
from flows.steps.fetch.hosts import Hosts
from flows.steps.fetch.limits import FetchError, Limits, PassingError
from flows.steps.fetch.redirects import headers_for, refuse_literal
from flows.steps.fetch.reply import BROKEN, Reply


class Sender:
    """Sends requests; holds the connections and the turns of all threads."""

    def __init__(self, limits: Limits, inside: frozenset[tuple[str, int]]) -> None:
        self._limits, self._inside = limits, inside
        self._hosts = Hosts(limits)
        self._trusting = make_adapter(limits, guarded=False)
        self._guarded = make_adapter(limits, guarded=True)
        self._environment = requests.Session()  # asked for proxies and certificates alone

    def send(self, address: str, headers: Mapping[str, str], own: str) -> Reply:
        """The answer of *address*, to which the address *own* of a source has led.

        No cookie and no password of a .netrc is sent. Raises FetchError; a PassingError where a
        connection fails.
        """
        with ExitStack() as hold:
            hold.enter_context(self._hosts[origin_of(address)].turn())
            request = _prepare(address, headers_for(address, own, headers))
            response = self._exchange(request, own)
            hold.callback(_close, response)
            return Reply(response, self._limits, hold.pop_all())
        raise AssertionError  # an ExitStack swallows nothing

    def rest(self, address: str, seconds: float) -> None:
        """Leave the host of *address* alone for that time."""
        self._hosts[origin_of(address)].rest(seconds)

    def _exchange(self, request: requests.PreparedRequest, own: str) -> requests.Response:
        limits = self._limits
        address = str(request.url)
        told: Any = self._environment.merge_environment_settings(address, {}, True, None, None)
        told["timeout"] = (limits.connect_seconds, limits.read_seconds)
        try:
            return self._adapter_for(address, own).send(request, **told)
        except requests.RequestException as error:
            fault = _explain_failure(error)
        raise fault  # here, so that no traceback shows the address with its secrets

    def _adapter_for(self, address: str, own: str) -> requests.adapters.HTTPAdapter:
        host = origin_of(address)[1:]
        if host == origin_of(own)[1:] or host in self._inside:
            return self._trusting
        refuse_literal(host[0])  # a proxy would go there
        return self._guarded


def _prepare(address: str, headers: Mapping[str, str]) -> requests.PreparedRequest:
    split(address)
    try:
        return requests.Request("GET", address, headers=dict(headers)).prepare()
    except (requests.RequestException, ValueError):
        fault = FetchError("the request cannot be written: look at its address and headers")
    raise fault  # the error of requests quotes the header


def _explain_failure(error: requests.RequestException) -> FetchError:
    if isinstance(error, requests.exceptions.SSLError):
        return FetchError(find_cause(error), "the publisher must mend its certificate")
    if isinstance(error, requests.exceptions.ConnectionError | requests.exceptions.Timeout):
        return PassingError(find_cause(error))
    return FetchError(find_cause(error))


def _close(response: requests.Response) -> None:
    with suppress(*BROKEN):
        response.close()
