"""Secrets of destinations: found by name, told to no one."""

from flows.errors import PushError
from flows.steps.fetch.tokens import known_token, variable_of


def find_secret(destination: str, name: str) -> str:
    """The secret of that name. Raises PushError, which names it and never tells it."""
    if secret := known_token(name):
        return secret
    hint = f"set {variable_of(name)}, or save a Prefect Secret block named {name}"
    raise PushError(destination, f"needs the secret {name}, and has none", hint)
