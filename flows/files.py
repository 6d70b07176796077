"""Files that are whole or not there: hashes, and writing beside before putting in place."""

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flows.errors import MachineError

FULL = {
    errno.ENOSPC: "make room on the disk",
    errno.EDQUOT: "make room in your quota",
    errno.EFBIG: "lift the limit on the size of files",
}
# Releases have tens of thousands of small files: with file objects this takes three times as long.
PIECE_BYTES = 65_536
PUBLISHED = "then run again: what is published is whole"
HINTS = FULL | {
    errno.EROFS: "make this file system writable",
    errno.EACCES: "give the right to read and write there",
    errno.EPERM: "give the right to read and write there",
}


def sha256_of(path: Path | str) -> str:
    """The hash of a file's bytes, read in pieces."""
    digest, file = hashlib.sha256(), os.open(path, os.O_RDONLY)
    try:
        while piece := os.read(file, PIECE_BYTES):
            digest.update(piece)
    finally:
        os.close(file)
    return digest.hexdigest()


def files_of(folder: Path) -> list[str]:
    """Every file below *folder*, links to files too: addresses from there, in order."""
    found = []
    for place, _, names in os.walk(folder):
        inside = os.path.relpath(place, folder)
        found += names if inside == "." else [f"{inside}/{name}" for name in names]
    return sorted(found)


def write_json(path: Path, body: Any) -> None:
    """Indented, UTF-8, in the order given, put in place in one step."""
    with replacing(path) as part:
        part.write_text(json.dumps(body, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path to write to; it takes *path*'s place only if the block ends well."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = beside(path)
    try:
        with machine_errors(path):
            yield part
            part.replace(path)
    finally:
        for left in path.parent.iterdir():  # DuckDB keeps a journal and spills beside its file
            if left.name.startswith(part.name):
                remove(left)


def remove(path: Path) -> None:
    """Remove a file, a link, or a folder with all that it holds, if it is still there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def beside(path: Path) -> Path:
    """A name next to *path* that no other process uses, and that no reader looks at."""
    return path.with_name(f".{path.name}.{os.getpid()}.part")


@contextmanager
def machine_errors(subject: Path, then: str = PUBLISHED) -> Iterator[None]:
    """Turn a refusal of the machine into one sentence about *subject*; *then* ends its hint."""
    try:
        yield
    except OSError as error:
        # Of a copy that finds no room, Python names the file that it reads.
        where = subject if error.errno in FULL else error.filename or subject
        todo = HINTS.get(error.errno or 0, "look at this path")
        hint = f"{todo}, {then}"
        raise MachineError(str(where), error.strerror or str(error), hint) from error


def read_json(path: Path) -> Any:
    """What a JSON file of ours holds."""
    return json.loads(path.read_text(encoding="utf-8"))
