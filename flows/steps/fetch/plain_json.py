"""Plain JSON: strictly what the standard says, and the addresses of those who answer in it."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flows.steps.fetch.limits import FetchError


def add_query(address: str, params: Mapping[str, Any]) -> str:
    """*address* with *params*, of which those that are None are left out."""
    query = urlencode({k: v for k, v in params.items() if v is not None}, doseq=True)
    joint = "&" if "?" in address else "?"
    return f"{address}{joint}{query}" if query else address


def read_json(body: bytes) -> Any:
    """Strict JSON: UTF-8, no name twice in an object, no NaN. Raises FetchError."""
    try:
        text = body.decode("utf-8-sig")
        return json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_refuse_doubles)
    except (ValueError, RecursionError) as error:
        raise FetchError(f"an answer that is no JSON: {error}") from None


def _refuse_constant(told: str) -> Any:
    raise ValueError(f"{told} is no number")


def _refuse_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) < len(pairs):
        raise ValueError("an object names a key twice")
    return told
