"""Rebuild administrative_divisions: communes, EPCI, départements, régions, one edition a year.

Origin: the npm package @etalab/decoupage-administratif, one version per edition of the
Code officiel géographique. Every file is the package's JSON, bytes unchanged, compressed.
Every column is the publisher's; nothing was removed.

The commune history (to 1 January 2019) and the EPCI of 2020 exist only in version 0.8.0;
the EPT exist since the edition of 2023. The communes of 0.8.0 are those of 0.7.0 and are
not kept twice; nor is the second map of 2025 that 5.3.0 holds (communes-2025-01-08.json).
"""

import json
from pathlib import Path

from _common import HERE, npm_package, parse_arguments, update_sidecar, write_snapshot

PACKAGE = "@etalab/decoupage-administratif"
FOLDER = HERE / "administrative_divisions"
EDITION = {"arrondissements", "communes", "departements", "epci", "regions"}
VERSIONS = {
    "0.7.0": (2019, EDITION),
    "0.8.0": (2020, {"epci"}),
    "1.1.1": (2021, EDITION),
    "2.3.1": (2022, EDITION),
    "3.1.1": (2023, EDITION | {"ept"}),
    "4.1.0": (2024, EDITION | {"ept"}),
    "5.3.0": (2025, EDITION | {"ept"}),
    "6.0.0": (2026, EDITION | {"ept"}),
}


def copy_json(source: Path, target: Path) -> dict[str, int | str]:
    """Keep a JSON list as published, compressed."""
    content = source.read_bytes()
    return write_snapshot(target, content, len(json.loads(content)))


def files_of(data: Path, version: str) -> dict[str, Path]:
    """Each file to write, and the file of the package it comes from."""
    year, tables = VERSIONS[version]
    files = {f"{table}-{year}.json.gz": data / f"{table}.json" for table in sorted(tables)}
    if version == "0.8.0":
        files["commune_history-2019.json.gz"] = data / "historique-communes.json"
    return files


def main() -> None:
    """Rebuild every file of the source, then its sidecar."""
    package_dir: Path | None = parse_arguments(__doc__).package_dir
    computed = {}
    for version in VERSIONS:
        with npm_package(PACKAGE, version, package_dir) as package:
            for name, source in files_of(package / "data", version).items():
                computed[name] = copy_json(source, FOLDER / name)
    update_sidecar(FOLDER, computed)


if __name__ == "__main__":
    main()
