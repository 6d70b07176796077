"""Release: a draft becomes a release in one step, and `latest` points at it in another.

A release folder is never changed. Killed at any moment, `latest` still points at a whole release;
what was left beside it is swept by the next run.
"""

import json
import os
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flows.files import beside, files_of, read_json, sha256_of

SUMS = "SHA256SUMS"
MANIFEST = "manifest.json"
DATABASE = "jalon.duckdb"
# The bytes of the database differ from build to build: that two releases are the same is told by
# the content hashes of the manifest, and the sum of this one file stands beside it.
SEAL = f"{DATABASE}.sha256"
UNSUMMED = {SUMS, DATABASE, SEAL}


def write_sums(folder: Path) -> None:
    """Write SHA256SUMS, as `sha256sum -c` reads it: of every file but those of UNSUMMED."""
    lines = [
        f"{sha256_of(f'{folder}/{path}')}  {path}\n"
        for path in files_of(folder)
        if path not in UNSUMMED
    ]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8")


def write_seal(folder: Path) -> None:
    """Write jalon.duckdb.sha256, likewise."""
    sha256 = sha256_of(folder / DATABASE)
    (folder / SEAL).write_text(f"{sha256}  {DATABASE}\n", encoding="utf-8")


def read_sums(release: Path) -> dict[str, str]:
    """The hash of each file, but of those that tell them. Raises OSError or ValueError."""
    told: dict[str, str] = {}
    for name in (SUMS, SEAL):
        lines = (release / name).read_text(encoding="utf-8").splitlines()
        told |= {path: sha256 for sha256, path in (line.split("  ", 1) for line in lines)}
    return told


def find_latest(public: Path) -> Path | None:
    """The release that `latest` points at, if there is one."""
    latest = public / "latest"
    return latest.resolve() if (latest / MANIFEST).is_file() else None


def read_manifest(release: Path) -> dict[str, Any]:
    """What the manifest of a release says."""
    body: dict[str, Any] = read_json(release / MANIFEST)
    return body


def is_whole(release: Path) -> bool:
    """Whether every file of a release is there with the bytes that its sums tell."""
    try:
        told = read_sums(release)
        return DATABASE in told and all(
            sha256_of(f"{release}/{path}") == told[path] for path in told
        )
    except (OSError, ValueError):
        return False


def is_same(draft: Path, release: Path) -> bool:
    """Whether two folders hold the same data, whatever code and lock file made them."""
    promised = _promises(draft)
    try:
        return promised == _promises(release) and is_whole(release)
    except (OSError, ValueError, KeyError):
        return False  # not a release, or one that was damaged


def place_draft(draft: Path, public: Path, taken: Collection[str] = ()) -> Path:
    """Give *draft* its place among the releases, under none of the names *taken*; its folder.

    Where a release holds the same already, it is that one.
    """
    releases = public / "releases"
    releases.mkdir(parents=True, exist_ok=True)
    release = next((old for old in sorted(releases.iterdir()) if is_same(draft, old)), None)
    if release is None:
        release = _free_name(releases, taken)
        draft.rename(release)
    return release


def point_latest(public: Path, release: Path) -> None:
    """Make `latest` a link to *release*; readers see the old one or the new one."""
    link = beside(public / "latest")
    link.unlink(missing_ok=True)
    link.symlink_to(os.path.relpath(release, public))
    link.replace(public / "latest")


def _promises(release: Path) -> tuple[set[str], Any]:
    """The sums but the manifest's, and the content hashes of the tables and of the database."""
    lines = (release / SUMS).read_text(encoding="utf-8").splitlines()
    sums = {line for line in lines if not line.endswith(f"  {MANIFEST}")}
    manifest = read_manifest(release)
    return sums, json.dumps([manifest["tables"], manifest["database"]], sort_keys=True)


def _free_name(releases: Path, taken: Collection[str]) -> Path:
    """Today's date in France, with a number if the day has a release already, or had one."""
    today = datetime.now(ZoneInfo("Europe/Paris")).date().isoformat()
    number, name = 0, today
    while name in taken or (releases / name).exists():
        number += 1
        name = f"{today}.{number}"
    return releases / name
