"""Tokens: secrets that a server asks for; from the environment, or from who runs the flow."""

import os

from flows.errors import SourceError

_KNOWN: dict[str, str] = {}


def remember_token(name: str, value: str) -> None:
    """Keep a token that the orchestrator gave, for as long as this process lives."""
    _KNOWN[name] = value


def find_token(source: str, name: str) -> str:
    """The token of that name. Raises SourceError, which names it and never tells it."""
    if token := known_token(name):
        return token
    hint = f"set {variable_of(name)}, or save a Prefect Secret block named {name}"
    raise SourceError(source, f"needs the token {name}, and has none", hint)


def known_token(name: str) -> str:
    """The token of that name, or nothing."""
    # Whoever pastes one brings a line's end along, which no header may hold.
    return (os.environ.get(variable_of(name)) or _KNOWN.get(name) or "").strip()


def variable_of(name: str) -> str:
    """The variable of the environment that may hold it: ecolab-token → ECOLAB_TOKEN."""
    return name.upper().replace("-", "_")
