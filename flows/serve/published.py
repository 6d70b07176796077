"""Published: which file of public/ an address means, and what is known of it.

`latest` is followed anew at every request, so that each answer is whole and of one release.
"""

import os
import re
import stat
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Generic, TypeVar

from flows.files import sha256_of
from flows.media_types import served_type_of
from flows.serve.media import is_compressible

T = TypeVar("T")
SUMS = "SHA256SUMS"
INDEX = "index.html"
# What an address may not hold: a name that begins with a point is a draft or not ours.
STRANGE = re.compile(r"(?:^|/)\.|[\\\x00-\x1f\x7f]|//")
KNOWN_AT_MOST = 20_000  # addresses, of which it is remembered what they mean


@dataclass(frozen=True)
class Found:
    """A file: where it stands, in which release, and what its disk says of it.

    `release` is the name of its folder under releases/, empty outside of one; `is_fixed` says that
    the address itself names the release, so that what is there never changes.
    """

    path: Path
    stat: os.stat_result
    base: Path
    release: str
    is_fixed: bool

    @cached_property
    def inside(self) -> str:
        """Its path in its release."""
        return self.path.relative_to(self.base).as_posix()

    @cached_property
    def media_type(self) -> str:
        """As its name says."""
        return served_type_of(self.path.name)

    @cached_property
    def is_compressible(self) -> bool:
        """Whether gzip would make it smaller."""
        return is_compressible(self.path.name)

    @cached_property
    def key(self) -> tuple[str, int, int, int]:
        """What changes when its bytes do."""
        return str(self.path), *_mark(self.stat)

    @cached_property
    def told_hash(self) -> str | None:
        """The hash of its bytes as its release's own sums tell it, if they name it."""
        sums = self.base / SUMS
        try:
            return _sums(str(sums), sums.stat().st_mtime_ns).get(self.inside)
        except (OSError, ValueError):
            return None


def count_hash(found: Found) -> str:
    """The hash of a file that no sums name, counted once."""
    return _counted(found.key)


class Published:
    """The folder public/, read only."""

    def __init__(self, public: Path) -> None:
        self.root = Path(os.path.realpath(public))
        self._latest = self.root / "latest"
        self._known: Recent[Found] = Recent(KNOWN_AT_MOST)

    def find(self, address: str) -> Found | None:
        """The file at *address*, decoded and without its first slash; None if there is none.

        An address that names no release is one of the latest. Links that lead out of their release
        are not followed.
        """
        try:
            key = (address, str(self._latest.readlink()))
        except OSError:
            key = (address, "")
        found = self._known.get(key)
        if found is None or not _is_as_it_was(found):
            found = self._look(address)
            if found:
                self._known.put(key, found, 1)
        return found

    def _look(self, address: str) -> Found | None:
        if STRANGE.search(address):
            return None
        base, inside, is_fixed = self._base(address)
        if base is None:
            return None
        if not inside or inside.endswith("/"):
            inside += INDEX
        path = Path(os.path.realpath(base / inside))
        try:
            told = path.stat()
        except (OSError, ValueError):
            return None
        if not (path.is_relative_to(base) and stat.S_ISREG(told.st_mode)):
            return None
        release = base.name if base.parent == self.root / "releases" else ""
        return Found(path, told, base, release, is_fixed)

    def is_folder(self, address: str) -> bool:
        """Whether *address* is that of a page in a folder, without the slash at its end."""
        return not address.endswith("/") and self.find(f"{address}/") is not None

    def release(self, base: str) -> Path | None:
        """The folder of the release that `latest`, `releases/<name>` or nothing names."""
        name = base.strip("/")
        if name not in ("", "latest") and not re.fullmatch(r"releases/[^/]+", name):
            return None
        return self._base(f"{name}/")[0] if name else self._real("latest")

    def _base(self, address: str) -> tuple[Path | None, str, bool]:
        first, slash, rest = address.partition("/")
        if first != "releases":
            inside = rest if (first, slash) == ("latest", "/") else address
            return self._real("latest"), inside, False
        name, slash, inside = rest.partition("/")
        if slash and name:
            return self._real(f"releases/{name}"), inside, True
        return self._folder_of_releases(), rest, False

    def _folder_of_releases(self) -> Path | None:
        folder = self.root / "releases"
        return folder if folder.is_dir() and not folder.is_symlink() else None

    def _real(self, link: str) -> Path | None:
        """The folder of a release, which is one of those under releases/ and nowhere else."""
        path = Path(os.path.realpath(self.root / link))
        return path if path.parent == self.root / "releases" and path.is_dir() else None


class Recent(Generic[T]):
    """Things by key, up to a sum of weights; the least used is forgotten first."""

    def __init__(self, limit: int) -> None:
        self._things: OrderedDict[Hashable, tuple[T, int]] = OrderedDict()
        self._weight, self._limit = 0, limit

    def get(self, key: Hashable) -> T | None:
        """What is kept under *key*."""
        kept = self._things.get(key)
        if kept is None:
            return None
        self._things.move_to_end(key)
        return kept[0]

    def put(self, key: Hashable, thing: T, weight: int) -> None:
        """Keep *thing* in place of what is there, and forget others until there is room."""
        self._weight += weight - self._things.pop(key, (None, 0))[1]
        self._things[key] = (thing, weight)
        while self._weight > self._limit:
            self._weight -= self._things.popitem(last=False)[1][1]


def _mark(told: os.stat_result) -> tuple[int, int, int]:
    return told.st_ino, told.st_size, told.st_mtime_ns


def _is_as_it_was(found: Found) -> bool:
    try:
        return _mark(found.path.stat()) == _mark(found.stat)
    except OSError:
        return False


@lru_cache(maxsize=64)
def _sums(path: str, changed: int) -> dict[str, str]:
    """By path, what a SHA256SUMS says; *changed* is when it was written."""
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    told = (line.split("  ", 1) for line in lines)
    return {path: sha256 for sha256, path in told}


@lru_cache(maxsize=4096)
def _counted(key: tuple[str, int, int, int]) -> str:
    return sha256_of(Path(key[0]))
