"""State: one run at a time, what a killed run left, and whether anything has changed since."""

import fcntl
import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flows.errors import MachineError
from flows.files import read_json, remove, sha256_of, write_json
from flows.handover import RawFile
from flows.publish.release import find_latest, is_whole, read_manifest
from flows.settings import Settings

CODE = Path(__file__).parent
PARTS = ".*.part*"  # what `flows.files.beside` names
# In the catalogue: what stands among the sources, and what does not bear on the data.
NOT_INPUTS = ("snapshots/", "destinations.yml")


@contextmanager
def hold_lock(settings: Settings) -> Iterator[None]:
    """Hold the project for this run; the lock goes with the process, however it ends.

    Raises MachineError when another run holds it, or when this one could not write what it makes.
    """
    for folder in (settings.data, settings.public):
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK):
            raise MachineError(str(folder), "no right to write here", "give it, then run again")
    with lock_file(settings.data / "run.lock", str(settings.root), "run"):
        yield


@contextmanager
def lock_file(path: Path, subject: str, work: str) -> Iterator[None]:
    """Hold *path* while one *work* is done on *subject*. Raises MachineError when another is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            hint = f"wait until it ends, then {work} again"
            raise MachineError(subject, f"another {work} is under way here", hint) from error
        yield


def sweep(settings: Settings) -> None:
    """Remove what runs that were killed left half-written; it stood beside, never in place."""
    sweep_parts(settings.data.rglob(PARTS))
    # None is in a release itself, which has tens of thousands of files.
    for folder in (settings.public, settings.public / "releases"):
        sweep_parts(folder.glob(PARTS))


def sweep_parts(parts: Iterable[Path]) -> None:
    """Remove those of *parts*, which stand beside something, whose process is gone."""
    for part in sorted(parts):
        if not _is_alive(part.name):
            remove(part)


def _is_alive(name: str) -> bool:
    """Whether the process that made a `.name.PID.part` still runs, and is not this one."""
    pid = name.split(".part")[0].rsplit(".", 1)[-1]
    if pid == str(os.getpid()):
        return False  # a run has made nothing yet when it sweeps: an older process had its number
    try:
        os.kill(int(pid), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


def describe_inputs(settings: Settings, raw: dict[str, list[RawFile]]) -> dict[str, Any]:
    """All that the release follows from, by hash: files, catalogue, schemas, code, lock, engine."""
    return {
        "sources": [
            {"source": f.source, "edition": f.edition, "sha256": f.sha256, "modified": f.modified}
            for files in raw.values()
            for f in files
        ],
        "catalog": _hash_tree(settings.catalog, "*.yml", "*.sql"),
        "schemas": _hash_tree(settings.schemas, "*.json"),
        "code": _hash_tree(CODE, "*"),
        "lock": _hash_tree(settings.root, "requirements.lock"),
        "engine": _hash_tree(settings.engine, "*"),
    }


def built_warehouse(settings: Settings) -> Path:
    """The last warehouse that was built. Raises MachineError when there is none."""
    if not settings.warehouse.is_file():
        hint = "jalon run --direct builds it"
        raise MachineError(str(settings.warehouse), "was not built yet", hint)
    return settings.warehouse


def hash_parts(settings: Settings) -> dict[str, str]:
    """What a warehouse is made from beside the publishers' files and the indicators, by hash."""
    kinds = ("sources", "tables", "territories")
    found = {f"catalog/{kind}": _hash_tree(settings.catalog / kind, "*") for kind in kinds}
    return found | {"flows": _hash_tree(CODE, "*.py", "*.sql")}


def find_same(settings: Settings, inputs: dict[str, Any]) -> Path | None:
    """The release that `latest` points at, if it follows from *inputs* and is whole."""
    latest = find_latest(settings.public)
    if latest is None:
        return None
    try:
        known = [read_manifest(latest)["inputs"], _recall(settings, latest)]
    except (ValueError, KeyError, TypeError):
        return None  # damaged by hand: made again
    return latest if inputs in known and is_whole(latest) else None


def remember(settings: Settings, inputs: dict[str, Any], release: Path) -> None:
    """Note that *inputs* give *release*, whose manifest may name other code that gave the same."""
    write_json(_memory(settings), {"release": release.name, "inputs": inputs})


def _recall(settings: Settings, release: Path) -> Any:
    """The inputs last seen to give *release*, if they are known."""
    if not _memory(settings).is_file():
        return None
    memory = read_json(_memory(settings))
    return memory["inputs"] if memory["release"] == release.name else None


def _memory(settings: Settings) -> Path:
    return settings.data / "last_run.json"


def _hash_tree(folder: Path, *patterns: str) -> str:
    """One hash for all files of *folder* that match, names included."""
    digest = hashlib.sha256()
    for path in sorted(path for pattern in patterns for path in folder.rglob(pattern)):
        relative = path.relative_to(folder).as_posix()
        is_input = not relative.startswith(NOT_INPUTS) and "__pycache__" not in path.parts
        if is_input and path.is_file():
            digest.update(f"{relative} {sha256_of(path)}\n".encode())
    return digest.hexdigest()
