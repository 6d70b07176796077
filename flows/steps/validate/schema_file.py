"""Schema file: a Table Schema is read, and refused where it is not well made."""

import json
import re
from pathlib import Path
from typing import Any

from flows.errors import CatalogError
from flows.steps.validate.plain_schema import are_texts, is_surely_valid
from flows.steps.validate.schema import Descriptor, Schema, parse_schema


def read_schema(path: Path) -> Schema:
    """The schema in the JSON file *path*. Raises CatalogError when it is not one."""
    try:
        descriptor = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise CatalogError(str(path), f"not JSON: {error}", "mend it, or give another") from error
    except OSError as error:
        raise CatalogError(str(path), f"cannot be read: {error.strerror}") from error
    return check_schema(descriptor, str(path))


def check_schema(descriptor: Any, where: str) -> Schema:
    """The schema of *descriptor*; *where* is for the message.

    What is not surely well made is put to frictionless. Raises CatalogError with its reasons.
    """
    if not isinstance(descriptor, dict) or not isinstance(descriptor.get("fields"), list):
        hint = "give `fields`, a list in which each has its name and type"
        raise CatalogError(where, "not a Table Schema: no `fields`", hint)
    _refuse_odd_kinds(descriptor, where)
    if not is_surely_valid(descriptor):
        _ask_frictionless(descriptor, where)
    _try_patterns(descriptor, where)
    return parse_schema(descriptor)


def _refuse_odd_kinds(descriptor: Descriptor, where: str) -> None:
    """Raise CatalogError on what frictionless would read as a file, or does not look at."""
    for number, field in enumerate(descriptor["fields"], start=1):
        if not isinstance(field, dict):
            hint = "give each field its name and type"
            raise CatalogError(where, f"not a Table Schema: field {number} is no object", hint)
    for key in ("uniqueKeys", "custom_checks"):
        if not isinstance(descriptor.get(key, []), list):
            raise CatalogError(where, f"not a Table Schema: {key} is no list", "mend or remove it")
    if not all(isinstance(key, str) or are_texts(key) for key in descriptor.get("uniqueKeys", [])):
        hint = "give a list of names for each key"
        raise CatalogError(where, "not a Table Schema: uniqueKeys has other than names", hint)


def _ask_frictionless(descriptor: Descriptor, where: str) -> None:
    from frictionless import FrictionlessException
    from frictionless import Schema as Judge

    try:
        judge = Judge.from_descriptor(json.loads(json.dumps(descriptor)))
        for field in judge.fields:
            field.create_cell_reader()
    except FrictionlessException as error:
        reasons = [reason.note or reason.message for reason in error.reasons or [error.error]]
        raise CatalogError(where, f"not a Table Schema: {'; '.join(reasons[:3])}") from error
    except re.error:
        pass  # said with the field's name by _try_patterns
    except Exception as error:
        raise CatalogError(where, f"not a Table Schema: {error}") from error


def _try_patterns(descriptor: Descriptor, where: str) -> None:
    """Raise CatalogError on the first pattern that is not a regular expression of Python."""
    for field in descriptor["fields"]:
        pattern = (field.get("constraints") or {}).get("pattern")
        try:
            re.compile(f"^{pattern}$")
        except (re.error, OverflowError, RecursionError) as error:
            problem = f"the pattern of {field['name']} is not a regular expression: {error}"
            raise CatalogError(where, problem, "mend it in the schema") from error
