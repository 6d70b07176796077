"""Unwrap: the one file that a gz, bz2, zip or tar holds; what might harm is refused by name."""

import bz2
import gzip
import lzma
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any, NamedTuple, NoReturn

from flows.errors import SourceError

if TYPE_CHECKING:
    from flows.catalog.models import Layout

MAX_LAYERS = 2  # a zip of gz, a tar.gz
MAX_BYTES = 20_000_000_000
FREE_BYTES = 100_000_000  # what is smaller cannot do harm, however well it was packed
MAX_RATIO = 1000
PIECE = 1 << 20
DISTRUST = "do not trust this file; tell the publisher"
WORKBOOKS = ("xlsx", "xls", "ods")  # zips themselves, whatever the publisher calls them
BROKEN = (
    EOFError,
    zlib.error,
    struct.error,
    zipfile.BadZipFile,
    tarfile.TarError,
    lzma.LZMAError,
    ValueError,
    RuntimeError,  # a version or a password that zipfile does not know
)


def unwrap(path: Path, folder: Path, layout: "Layout | None", format_: str) -> Path:
    """*path* itself if it is not packed, else a copy in *folder* of what it holds.

    Without a *layout*, which tells the member of an archive, only a gz is unpacked. Raises
    SourceError when no member or several fit, and for what is damaged, encrypted, climbs out of its
    folder or is out of all proportion once unpacked.
    """
    name, member = path.name, layout.member if layout else None
    for layer in range(MAX_LAYERS if layout else 1):
        kind = _find_kind(path, format_)
        if kind is None or not (layout or kind is _unpack_gz):
            return path
        target = folder / f"unpacked-{layer}"
        with damage_told(name):
            kind(_Packed(path, name, target, member))
        path = target
    if layout and _find_kind(path, format_):
        raise SourceError(name, "is packed more than twice", "ask the publisher for the file")
    return path


class _Packed(NamedTuple):
    """A packed file, the name under which a person knows it, where to unpack it, and what of it."""

    path: Path
    name: str
    target: Path
    member: str | None


Kind = Callable[[_Packed], None]


def _find_kind(path: Path, format_: str) -> Kind | None:
    with path.open("rb") as file:
        head = file.read(262)
    if head.startswith(b"\x1f\x8b"):
        return _unpack_gz
    if head.startswith(b"BZh"):
        return _unpack_bz2
    if head[257:262] == b"ustar":
        return _unpack_tar
    is_zip = head.startswith((b"PK\x03\x04", b"PK\x05\x06"))
    is_workbook = is_zip and format_ in WORKBOOKS and _is_workbook(path)
    return _unpack_zip if is_zip and not is_workbook else None


def _is_workbook(path: Path) -> bool:
    with damage_told(path.name), zipfile.ZipFile(path) as archive:
        return bool({"[Content_Types].xml", "mimetype"} & set(archive.namelist()))


@contextmanager
def damage_told(name: str) -> Iterator[None]:
    """Turn what a damaged archive raises into one sentence about *name*."""
    try:
        yield
    except SourceError:
        raise
    except (*BROKEN, gzip.BadGzipFile) as error:
        hint = "fetch it again; if it stays so, tell the publisher"
        raise SourceError(name, f"is cut or damaged: {error}", hint) from error
    except OSError as error:
        if error.errno is not None:
            raise  # of the machine, not of the file
        hint = "fetch it again; if it stays so, tell the publisher"
        raise SourceError(name, f"is cut or damaged: {error}", hint) from error


def _unpack_gz(packed: _Packed) -> None:
    with gzip.open(packed.path) as file:
        _copy(packed, file)


def _unpack_bz2(packed: _Packed) -> None:
    with bz2.open(packed.path) as file:
        _copy(packed, file)


def _unpack_zip(packed: _Packed) -> None:
    with zipfile.ZipFile(packed.path) as archive:
        files = [info for info in archive.infolist() if not info.is_dir()]
        chosen = files[_choose(packed, [info.filename for info in files])]
        if stat.S_ISLNK(chosen.external_attr >> 16):
            _refuse_link(packed, chosen.filename)
        if chosen.flag_bits & 0x1:
            hint = "ask the publisher for a file without a password"
            raise SourceError(packed.name, f"{chosen.filename} in it is encrypted", hint)
        try:
            with archive.open(chosen) as file:
                _copy(packed, file)
        except NotImplementedError as error:
            problem = f"{chosen.filename} in it is packed in a way that is not read: {error}"
            raise SourceError(packed.name, problem, "ask the publisher for a plain zip") from error


def _unpack_tar(packed: _Packed) -> None:
    with tarfile.open(packed.path) as archive:
        files = [info for info in archive if not info.isdir()]
        chosen = files[_choose(packed, [info.name for info in files])]
        file = archive.extractfile(chosen) if chosen.isreg() else None
        if file is None:
            _refuse_link(packed, chosen.name)
        with file:
            _copy(packed, file)


def _refuse_link(packed: _Packed, member: str) -> NoReturn:
    problem = f"{member} in it is a link or a device, not a file"
    raise SourceError(packed.name, problem, "ask the publisher for the file itself")


def _choose(packed: _Packed, names: list[str]) -> int:
    """The place of the one member that fits; two of one name are two."""
    pattern = packed.member
    places = [place for place, name in enumerate(names) if _fits(name, pattern)]
    fit = [names[place] for place in places]
    if len(fit) != 1:
        what = "no file" if not fit else f"{len(fit)} files"
        wanted = f" that fit {pattern}" if pattern else ""
        listed = ", ".join(names[:10]) or "nothing"
        raise SourceError(packed.name, f"holds {what}{wanted}: {listed}", "set layout: member:")
    where = PurePosixPath(fit[0].replace("\\", "/"))
    if where.is_absolute() or ".." in where.parts or ":" in where.parts[0]:
        problem = f"{fit[0]} in it climbs out of its folder"
        raise SourceError(packed.name, problem, DISTRUST)
    return places[0]


def _fits(name: str, pattern: str | None) -> bool:
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    return pattern is None or fnmatch(base, pattern) or fnmatch(name, pattern)


def _copy(packed: _Packed, content: IO[bytes] | Any) -> None:
    """Unpack, and stop at what is out of all proportion: what a header tells is not believed."""
    size, written = packed.path.stat().st_size, 0
    with packed.target.open("wb") as file:
        while piece := content.read(PIECE):
            written += len(piece)
            if written > MAX_BYTES or (written > FREE_BYTES and written > MAX_RATIO * size):
                file.close()
                packed.target.unlink()
                problem = f"holds over {written:,} bytes in {size:,}: a bomb"
                raise SourceError(packed.name, problem, DISTRUST)
            file.write(piece)
