"""Cached: what was found for a table is kept under the hash of all that it holds."""

import hashlib
from dataclasses import fields
from pathlib import Path

import numpy as np
from scipy import sparse

from flows.files import read_json, write_json
from flows.steps.disclose.protect import protect
from flows.steps.disclose.table import Table

CODE = Path(__file__).parent


def protect_cached(table: Table, name: str, folder: Path | None) -> tuple[list[str], list[str]]:
    """The cells of *table* to hide, and those that readers of the release before know.

    Looked up in *folder*; found by `protect`, and noted there, when it does not know them.
    """
    path = folder / f"{hash_table(table)}.json" if folder else None
    if path and path.is_file():
        found = read_json(path)
        return found["hidden"], found["known"]
    known = protect(table, name)
    hidden = table.hidden()
    if path:
        write_json(path, {"hidden": hidden, "known": known})
    return hidden, known


def hash_table(table: Table) -> str:
    """One hash for all that the table holds, and for the code that looks at it."""
    digest = hashlib.sha256()
    for path in sorted(CODE.glob("*.py")):
        digest.update(path.read_bytes())
    for each in fields(table):
        digest.update(f"{each.name}\n".encode())
        _update(digest, getattr(table, each.name))
    return digest.hexdigest()


def _update(digest: "hashlib._Hash", value: object) -> None:
    if isinstance(value, sparse.csr_matrix):
        for array in (value.indptr, value.indices, value.data):
            digest.update(array.tobytes())
    elif isinstance(value, np.ndarray):
        digest.update(value.tobytes())
    elif isinstance(value, dict):
        for key, each in sorted(value.items()):
            digest.update(f"{key}\n".encode())
            _update(digest, each)
    else:
        digest.update(repr(value).encode())
